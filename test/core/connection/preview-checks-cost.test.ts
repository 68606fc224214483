import { describe, expect, test } from "vitest";
import { check } from "../../../core/src/index.js";
import { createSeed } from "../../../sandbox/src/index.js";
import { createPreviewFixtures, createStatusFault } from "./preview-fixtures.js";
import { countCalls, createEntry, useSandbox } from "./operation.js";
import { createQuickOperation } from "./quick-operation.js";

const sandbox = useSandbox({ seed: createSeed({ sources: 50 }) });
const { getOrgId, createNews, setResponse } = createPreviewFixtures(sandbox);

describe("the requests of preview checks", () => {
  const createFiftyInputs = () => Array.from({ length: 50 }, (_, at) => createNews(`source-${at + 1}`));

  test("for 50 concurrent new resources of one organization: one listing, one list of organizations", async () => {
    const context = createQuickOperation(sandbox());
    await Promise.all(createFiftyInputs().map((inputs) => check(context, {}, inputs)));
    expect([countCalls(sandbox(), "listConnections"), countCalls(sandbox(), "listOrganizations")]).toEqual([
      1, 1,
    ]);
    expect(sandbox().requests).toHaveLength(2);
  });

  test("both are sent concurrently", async () => {
    setResponse("listConnections", { kind: "delay", ms: 100 });
    await check(createQuickOperation(sandbox()), {}, createNews());
    const [listing, organizations] = ["listConnections", "listOrganizations"].map((name) =>
      sandbox().requests.find(({ route }) => route === name),
    );
    expect(organizations?.startedAt).toBeLessThan(listing?.endedAt ?? 0);
  });

  test("for 50 one after the other: the same two", async () => {
    const context = createQuickOperation(sandbox());
    for (const inputs of createFiftyInputs()) await check(context, {}, inputs);
    expect(sandbox().requests).toHaveLength(2);
  });

  test("for 50 with a configured id: the same", async () => {
    const organizations = { payments: createEntry(sandbox(), "payments", { id: getOrgId("payments") }) };
    const context = createQuickOperation(sandbox(), { organizations });
    await Promise.all(createFiftyInputs().map((inputs) => check(context, {}, inputs)));
    expect(sandbox().requests).toHaveLength(2);
  });

  test("for 50 with credentials that may not list organizations: one refused request", async () => {
    const context = createQuickOperation(sandbox());
    for (const inputs of createFiftyInputs()) await check(context, {}, { ...inputs, source: "readonly" });
    expect([countCalls(sandbox(), "listConnections"), countCalls(sandbox(), "listOrganizations")]).toEqual([
      1, 1,
    ]);
  });

  test("for 50 concurrent ones with refused credentials: the same two requests, and each fails", async () => {
    sandbox().setPermissions("payments", []);
    const context = createQuickOperation(sandbox());
    const all = await Promise.all(createFiftyInputs().map((inputs) => check(context, {}, inputs)));
    expect(all.every(({ failures }) => failures[0]?.property === "source")).toBe(true);
    expect([countCalls(sandbox(), "listConnections"), countCalls(sandbox(), "listOrganizations")]).toEqual([
      1, 1,
    ]);
  });

  test.each(["listConnections", "listOrganizations"] as const)(
    "for 50 one after the other, %s without a response: all attempts of one call, and one warning",
    async (route) => {
      setResponse(route, createStatusFault(503));
      const context = createQuickOperation(sandbox(), { client: { retry: { maxAttempts: 2 } } });
      const found = [];
      for (const inputs of createFiftyInputs()) found.push(...(await check(context, {}, inputs)).failures);
      expect([found, countCalls(sandbox(), route), context.warnings.length]).toEqual([[], 2, 1]);
    },
  );

  test("for 50 one after the other, organizations at an address without this path (404): one request", async () => {
    setResponse("listOrganizations", createStatusFault(404));
    const context = createQuickOperation(sandbox());
    for (const inputs of createFiftyInputs()) await check(context, {}, inputs);
    expect(countCalls(sandbox(), "listOrganizations")).toBe(1);
  });

  test("organizations without a response: a failure that the listing alone proves is still found", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    setResponse("listOrganizations", createStatusFault(503));
    const context = createQuickOperation(sandbox(), { client: { retry: { maxAttempts: 2 } } });
    const { failures } = await check(context, {}, createNews());
    expect(failures[0]?.reason).toContain("already shares");
    expect(countCalls(sandbox(), "listOrganizations")).toBe(2);
  });

  test("for 50 unchanged ones: none", async () => {
    const context = createQuickOperation(sandbox());
    await Promise.all(createFiftyInputs().map((inputs) => check(context, inputs, inputs)));
    expect(sandbox().requests).toEqual([]);
  });

  test("for 50 of 50 organizations: two requests each", async () => {
    const context = createQuickOperation(sandbox());
    const inputs = createFiftyInputs().map((_, at) => createNews("observability", `source-${at + 1}`));
    await Promise.all(inputs.map((one) => check(context, {}, one)));
    expect(sandbox().requests).toHaveLength(100);
  });

  test("for 50 with a change of only `reason` or `adopt`: none", async () => {
    const context = createQuickOperation(sandbox());
    await Promise.all(
      createFiftyInputs().map((one) => check(context, one, { ...one, reason: "SEC-1", adopt: true })),
    );
    expect(sandbox().requests).toEqual([]);
  });
});
