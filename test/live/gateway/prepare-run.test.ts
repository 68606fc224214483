import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CONNECTIONS, createBody, useSandbox } from "../../sandbox/harness.js";
import type { GatewayOptions } from "./gateway.js";
import { cleanUp, prepareRun, type Run } from "./prepare-run.js";
import { getKeys, useGateways } from "./use-gateway.js";

const getSandbox = useSandbox();
const start = useGateways(getSandbox);

async function startRun(options: Partial<GatewayOptions> = {}, credentials: Partial<Run> = {}): Promise<Run> {
  const { gateway, journal } = await start(options);
  return {
    gateway,
    journal,
    sourceHeaders: getKeys(getSandbox(), "payments"),
    sinkHeaders: getKeys(getSandbox(), "observability"),
    ...credentials,
  };
}

const create = ({ gateway, sourceHeaders }: Run) =>
  fetch(gateway.url + CONNECTIONS, {
    method: "POST",
    headers: { ...sourceHeaders },
    body: JSON.stringify(createBody(gateway.sinkOrgId, ["logs"])),
  });

const listWrites = () => getSandbox().requests.filter(({ method }) => method !== "GET");

describe("a run goes on", () => {
  test("if each of the credentials belongs to its organization and the pair is not connected", async () => {
    getSandbox().connect({ source: "observability", sink: "payments" });
    getSandbox().connect({ source: "payments", sink: "security" });
    const run = await startRun();
    await prepareRun(run);
    expect((await create(run)).status).toBe(200);
    await cleanUp(run);
    expect(getSandbox().listConnections()).toHaveLength(2);
  });

  test("with bearer tokens", async () => {
    const getToken = (key: string) => ({
      authorization: `Bearer ${getSandbox().getOrganization(key).bearerToken}`,
    });
    const run = await startRun(
      {},
      { sourceHeaders: getToken("payments"), sinkHeaders: getToken("observability") },
    );
    await prepareRun(run);
    expect((await create(run)).status).toBe(200);
    await cleanUp(run);
    expect(getSandbox().listConnections()).toEqual([]);
  });
});

describe("a run ends before it has changed anything", () => {
  async function expectEnd(run: Run, message: string) {
    await expect(prepareRun(run)).rejects.toThrow(message);
    expect((await create(run)).status).toBe(418);
    expect(listWrites()).toEqual([]);
  }

  test("if the pair is connected already", async () => {
    getSandbox().connect({ source: "payments", sink: "observability" });
    await expectEnd(await startRun(), "connected already");
    expect(getSandbox().listConnections()).toHaveLength(1);
  });

  test("if the pair is connected already, beyond the first rows of a server with small pages", async () => {
    for (const sink of ["security", "checkout", "search"]) getSandbox().connect({ source: "payments", sink });
    getSandbox().connect({ source: "payments", sink: "observability" });
    getSandbox().fail({
      on: { route: "listConnections" },
      moment: "before",
      what: { kind: "short-page", drop: 2 },
    });
    await expectEnd(await startRun(), "connected already");
  });

  test("if both credentials belong to one organization", async () => {
    const run = await startRun({}, { sinkHeaders: getKeys(getSandbox(), "payments") });
    await expectEnd(run, "lead to the same organization");
  });

  test("if both UUIDs are the same", async () => {
    const sinkOrgId = getSandbox().getOrganization("payments").id;
    await expectEnd(await startRun({ sinkOrgId }), "have the same UUID");
  });

  test.each([
    ["source", { sourceHeaders: "checkout" }],
    ["destination", { sinkHeaders: "checkout" }],
  ])("if the credentials of the %s organization belong to another one than its UUID", async (label, keys) => {
    const headers = Object.entries(keys).map(([name, key]) => [name, getKeys(getSandbox(), key)]);
    const run = await startRun({}, Object.fromEntries(headers) as Partial<Run>);
    await expectEnd(run, `The credentials of the ${label} organization belong to another organization`);
  });

  test("if the credentials of both are interchanged", async () => {
    const run = await startRun();
    const { sourceHeaders, sinkHeaders } = run;
    await expectEnd(
      { ...run, sourceHeaders: sinkHeaders, sinkHeaders: sourceHeaders },
      "belong to another organization",
    );
  });

  test("if credentials are refused", async () => {
    const run = await startRun(
      {},
      { sinkHeaders: { "dd-api-key": "unknown", "dd-application-key": "unknown" } },
    );
    await expectEnd(run, "The credentials of the destination organization were refused (status 403");
  });

  test("if the address is not the API", async () => {
    getSandbox().fail({
      on: { route: "listOrganizations" },
      moment: "before",
      what: { kind: "html", status: 200 },
    });
    await expectEnd(await startRun(), "does not show which organization");
  });

  test("if the list of connections is not readable", async () => {
    getSandbox().fail({
      on: { route: "listConnections" },
      moment: "before",
      what: { kind: "html", status: 404 },
    });
    await expectEnd(await startRun(), "The list of connections is not readable (status 404)");
  });
});

describe("a second run deletes what an interrupted one has left", () => {
  /** Starts a run that is interrupted: it does not clean up, and the next run only has its journal. */
  async function interruptAfter(work: (run: Run) => Promise<unknown>): Promise<Run> {
    const run = await startRun();
    await prepareRun(run);
    await work(run);
    await run.gateway.close();
    return startRun();
  }

  async function expectClean(run: Run) {
    await prepareRun(run);
    expect(getSandbox().listConnections()).toEqual([]);
    expect((await create(run)).status).toBe(200);
    await cleanUp(run);
    expect(getSandbox().listConnections()).toEqual([]);
    expect(existsSync(run.journal.file)).toBe(false);
    expect(run.gateway.refusals).toEqual([]);
  }

  test("after a create", async () => {
    const next = await interruptAfter(create);
    expect(getSandbox().listConnections()).toHaveLength(1);
    await expectClean(next);
  });

  test("after a create whose response did not arrive", async () => {
    const next = await interruptAfter((run) => {
      getSandbox().fail({ on: { route: "createConnection" }, moment: "after", what: { kind: "reset" } });
      return create(run).catch(() => undefined);
    });
    expect(getSandbox().listConnections()).toHaveLength(1);
    await expectClean(next);
  });

  test("after a create that has not reached the API", async () => {
    const next = await interruptAfter((run) => {
      getSandbox().fail({ on: { route: "createConnection" }, moment: "before", what: { kind: "reset" } });
      return create(run).catch(() => undefined);
    });
    expect(next.journal.listLeftovers()).toHaveLength(1);
    await expectClean(next);
  });

  test("after a connection was deleted by someone else", async () => {
    const next = await interruptAfter(create);
    for (const { id } of getSandbox().listConnections()) getSandbox().disconnect(id);
    await expectClean(next);
  });

  test("although the first list is outdated", async () => {
    const next = await interruptAfter(create);
    getSandbox().fail({
      on: { route: "listConnections" },
      moment: "before",
      what: { kind: "json", body: { data: [] } },
    });
    await expectClean(next);
  });

  test("although the source organization may not delete", async () => {
    const next = await interruptAfter(create);
    const on = { route: "deleteConnection", organization: "payments" } as const;
    getSandbox().fail({ on, moment: "before", times: 1, what: { kind: "status", status: 403 } });
    await expectClean(next);
  });

  test("and ends if it cannot delete it", async () => {
    const next = await interruptAfter(create);
    const on = { route: "deleteConnection" } as const;
    getSandbox().fail({ on, moment: "before", times: Infinity, what: { kind: "status", status: 403 } });
    const [{ id } = { id: "" }] = getSandbox().listConnections();
    await expect(prepareRun(next)).rejects.toThrow(`could not delete 1 of its connections: ${id}`);
    expect(next.journal.listLeftovers()).toMatchObject([{ connectionId: id }]);
    getSandbox().clearFaults();
    await next.gateway.close();
    await expectClean(await startRun());
  });

  test("but not a connection that someone else has created afterward", async () => {
    const next = await interruptAfter(async (run) => {
      await create(run);
      for (const { id } of getSandbox().listConnections()) getSandbox().disconnect(id);
    });
    getSandbox().connect({ source: "payments", sink: "observability" });
    await expect(prepareRun(next)).rejects.toThrow("connected already");
    expect(getSandbox().listConnections()).toHaveLength(1);
  });
});

test("a connection that is live in spite of a successful delete is deleted again", async () => {
  const run = await startRun();
  await prepareRun(run);
  await create(run);
  getSandbox().fail({
    on: { route: "deleteConnection" },
    moment: "before",
    what: { kind: "json", body: {} },
  });
  await cleanUp(run);
  expect(getSandbox().listConnections()).toEqual([]);
});
