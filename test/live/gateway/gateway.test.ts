import { describe, expect, test } from "vitest";
import { CONNECTIONS, createBody, useSandbox } from "../../sandbox/harness.js";
import { type Gateway, REFUSED_HEADER, REFUSED_STATUS, startGateway } from "./gateway.js";
import { openJournal } from "./journal.js";
import { getKeys, useGateways } from "./use-gateway.js";

const getSandbox = useSandbox();
const start = useGateways(getSandbox);

/** Sends a request to a gateway with the keys of an organization. */
async function send(gateway: Gateway, organization: string, method: string, path: string, body?: unknown) {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { ...getKeys(getSandbox(), organization), "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const create = (gateway: Gateway, organization = "payments", sinkId = gateway.sinkOrgId) =>
  send(gateway, organization, "POST", CONNECTIONS, createBody(sinkId, ["logs"]));

const listLive = () => getSandbox().listConnections();

describe("a run", () => {
  test("creates, updates and deletes its own connection, and the journal follows", async () => {
    const { gateway, journal, exchanges } = await start();
    gateway.allowCreates();
    expect((await create(gateway)).status).toBe(200);
    const [{ id } = { id: "" }] = listLive();
    expect(journal.listLeftovers()).toMatchObject([{ connectionId: id }]);
    const update = { data: { type: "org_connection", id, attributes: { connection_types: ["metrics"] } } };
    expect((await send(gateway, "payments", "PATCH", `${CONNECTIONS}/${id}`, update)).status).toBe(200);
    expect(listLive()).toMatchObject([{ connectionTypes: ["metrics"] }]);
    expect((await send(gateway, "payments", "DELETE", `${CONNECTIONS}/${id}`)).status).toBe(200);
    expect(journal.listLeftovers()).toEqual([]);
    expect(exchanges.map(({ method, status }) => [method, status])).toEqual([
      ["POST", 200],
      ["PATCH", 200],
      ["DELETE", 200],
    ]);
    expect(gateway.refusals).toEqual([]);
  });

  test("gets the same response as without the gateway, and reports it", async () => {
    getSandbox().connect({ source: "payments", sink: "security" });
    const { gateway, exchanges } = await start();
    const path = `${CONNECTIONS}?limit=1`;
    const direct = await fetch(getSandbox().url + path, { headers: getKeys(getSandbox(), "payments") });
    const { status, headers, body } = await send(gateway, "payments", "GET", path);
    expect({ status, body }).toEqual({ status: direct.status, body: await direct.json() });
    expect([...headers.keys()].sort()).toEqual([...direct.headers.keys()].sort());
    expect(exchanges).toMatchObject([
      {
        method: "GET",
        path,
        requestHeaders: getKeys(getSandbox(), "payments"),
        requestBody: "",
        status: 200,
        responseHeaders: { "content-type": "application/json" },
        responseBody: JSON.stringify(body),
      },
    ]);
  });

  test("may send requests that the API refuses", async () => {
    const { gateway, journal } = await start();
    gateway.allowCreates();
    expect((await create(gateway, "payments", gateway.createUnusedId())).status).toBe(404);
    expect((await create(gateway, "observability")).status).toBe(400);
    const path = `${CONNECTIONS}/${gateway.createUnusedId()}`;
    expect((await send(gateway, "payments", "DELETE", path)).status).toBe(404);
    expect(journal.listLeftovers()).toEqual([]);
    expect(gateway.refusals).toEqual([]);
  });

  test("sees no response if the target sends none, and an explanation is there", async () => {
    getSandbox().fail({ moment: "before", what: { kind: "reset" } });
    const { gateway, exchanges } = await start();
    await expect(send(gateway, "payments", "GET", CONNECTIONS)).rejects.toThrow("fetch failed");
    expect(gateway.failures).toEqual([`GET ${CONNECTIONS}: ECONNRESET`]);
    expect(exchanges).toEqual([]);
  });
});

describe("a create with an unknown outcome", () => {
  test("is found in the next list", async () => {
    const { gateway, journal } = await start();
    gateway.allowCreates();
    getSandbox().fail({ on: { route: "createConnection" }, moment: "after", what: { kind: "reset" } });
    await expect(create(gateway)).rejects.toThrow();
    expect(journal.listLeftovers()).toMatchObject([{ requestedSinkOrgId: gateway.sinkOrgId }]);
    expect(journal.listLeftovers()[0]?.connectionId).toBeUndefined();
    await send(gateway, "payments", "GET", CONNECTIONS);
    const [{ id } = { id: "" }] = listLive();
    expect(journal.listLeftovers()).toMatchObject([{ connectionId: id }]);
    expect((await send(gateway, "payments", "DELETE", `${CONNECTIONS}/${id}`)).status).toBe(200);
  });

  test("is not an older connection of the pair, nor one of another pair", async () => {
    const { gateway, journal } = await start();
    gateway.allowCreates();
    getSandbox().fail({ on: { route: "createConnection" }, moment: "before", what: { kind: "reset" } });
    await expect(create(gateway)).rejects.toThrow();
    getSandbox().connect({ source: "checkout", sink: "observability" });
    getSandbox().connect({ source: "payments", sink: "security" });
    await send(gateway, "observability", "GET", CONNECTIONS);
    await send(gateway, "payments", "GET", CONNECTIONS);
    expect(journal.listLeftovers()[0]?.connectionId).toBeUndefined();
  });
});

describe("the gateway refuses", () => {
  /** Expects a refusal that no one can confuse with Datadog's, with this reason, and that nothing has reached the target. */
  function expectRefused(gateway: Gateway, response: Awaited<ReturnType<typeof send>>, reason: string) {
    expect(response.status).toBe(REFUSED_STATUS);
    expect(response.headers.get(REFUSED_HEADER)).toBe("refused");
    expect(JSON.stringify(response.body)).toContain(reason);
    expect(gateway.refusals).toEqual([expect.stringContaining(reason)]);
    expect(getSandbox().requests.filter(({ method }) => method !== "GET")).toEqual([]);
  }

  test("a create before it is proven that the pair is not connected", async () => {
    const { gateway } = await start();
    expectRefused(gateway, await create(gateway), "not proven yet");
  });

  test("a create with the credentials of a third organization", async () => {
    const { gateway } = await start();
    gateway.allowCreates();
    expectRefused(gateway, await create(gateway, "checkout"), "belong to neither organization");
    expect(listLive()).toEqual([]);
  });

  test("a create of another pair", async () => {
    const { gateway } = await start();
    gateway.allowCreates();
    const other = getSandbox().getOrganization("security").id;
    expectRefused(gateway, await create(gateway, "payments", other), "not the declared one");
  });

  test.each(["PATCH", "DELETE"])("a %s of a connection that it did not create", async (method) => {
    const id = getSandbox().connect({ source: "payments", sink: "observability" });
    const { gateway } = await start();
    gateway.allowCreates();
    expectRefused(
      gateway,
      await send(gateway, "payments", method, `${CONNECTIONS}/${id}`, {}),
      "did not create the connection",
    );
    expect(listLive()).toHaveLength(1);
  });

  test("a request after the maximum", async () => {
    const { gateway } = await start({ maxRequests: 2 });
    await send(gateway, "payments", "GET", CONNECTIONS);
    await send(gateway, "payments", "GET", CONNECTIONS);
    expectRefused(gateway, await send(gateway, "payments", "GET", CONNECTIONS), "maximum of 2 requests");
    expect(getSandbox().requests).toHaveLength(2);
  });

  test("a request after the deadline", async () => {
    const { gateway } = await start({ deadline: Date.now() });
    expectRefused(
      gateway,
      await send(gateway, "payments", "GET", CONNECTIONS),
      "the time of the run is over",
    );
    expect(getSandbox().requests).toHaveLength(0);
  });

  test("a create after the run, whose other bounds no longer apply", async () => {
    const { gateway } = await start({ maxRequests: 0, deadline: 0 });
    gateway.allowCreates();
    gateway.startCleanup();
    expect((await send(gateway, "payments", "GET", CONNECTIONS)).status).toBe(200);
    expectRefused(gateway, await create(gateway), "the run is over");
  });
});

describe("a gateway does not start", () => {
  test("with a target that would get credentials unencrypted", async () => {
    await expect(start({ target: "http://api.example.com" })).rejects.toThrow("must begin with https://");
  });

  test("with the leftovers of another pair", async () => {
    const { gateway, journal } = await start();
    gateway.allowCreates();
    await create(gateway);
    const options = {
      target: getSandbox().url,
      sourceOrgId: gateway.sourceOrgId,
      sinkOrgId: getSandbox().getOrganization("security").id,
      journal: openJournal(journal.file),
      maxRequests: 1,
      deadline: 0,
      onExchange: () => undefined,
    };
    await expect(startGateway(options)).rejects.toThrow(
      `An interrupted run left a connection from ${gateway.sourceOrgId} to ${gateway.sinkOrgId}`,
    );
  });
});

test("requests are forwarded in the order of their arrival, one after another", async () => {
  const { gateway, exchanges } = await start();
  getSandbox().fail({ moment: "before", what: { kind: "delay", ms: 100 } });
  const paths = [1, 2, 3].map((limit) => `${CONNECTIONS}?limit=${limit}`);
  const responses = paths.map(async (path) => send(gateway, "payments", "GET", path));
  await Promise.all(responses);
  expect(exchanges).toHaveLength(3);
  const [first, second] = getSandbox().requests;
  expect(second?.startedAt).toBeGreaterThanOrEqual(first?.endedAt ?? Infinity);
});
