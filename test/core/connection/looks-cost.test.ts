import { describe, expect, test } from "vitest";
import { check } from "../../../core/src/index.js";
import { seedWith } from "../../../sandbox/src/index.js";
import { looking, status } from "./looking.js";
import { count, entryOf, useSandbox } from "./operation.js";
import { quick } from "./quick.js";

const sandbox = useSandbox({ seed: seedWith({ sources: 50 }) });
const { idOf, news, answer } = looking(sandbox);

describe("what looks cost", () => {
  const fifty = () => Array.from({ length: 50 }, (_, at) => news(`source-${at + 1}`));

  test("for 50 new resources of one organization at once: one listing, one list of organizations", async () => {
    const world = quick(sandbox());
    await Promise.all(fifty().map((inputs) => check(world, {}, inputs)));
    expect([count(sandbox(), "listConnections"), count(sandbox(), "listOrganizations")]).toEqual([1, 1]);
    expect(sandbox().requests).toHaveLength(2);
  });

  test("both are asked for at once", async () => {
    answer("listConnections", { kind: "delay", ms: 100 });
    await check(quick(sandbox()), {}, news());
    const [listing, organizations] = ["listConnections", "listOrganizations"].map((name) =>
      sandbox().requests.find(({ route }) => route === name),
    );
    expect(organizations?.startedAt).toBeLessThan(listing?.endedAt ?? 0);
  });

  test("for 50 one after the other: the same two", async () => {
    const world = quick(sandbox());
    for (const inputs of fifty()) await check(world, {}, inputs);
    expect(sandbox().requests).toHaveLength(2);
  });

  test("for 50 with a configured id: the same", async () => {
    const organizations = { payments: entryOf(sandbox(), "payments", { id: idOf("payments") }) };
    const world = quick(sandbox(), { organizations });
    await Promise.all(fifty().map((inputs) => check(world, {}, inputs)));
    expect(sandbox().requests).toHaveLength(2);
  });

  test("for 50 whose keys may not list organizations: the refusal is asked for once", async () => {
    const world = quick(sandbox());
    for (const inputs of fifty()) await check(world, {}, { ...inputs, source: "readonly" });
    expect([count(sandbox(), "listConnections"), count(sandbox(), "listOrganizations")]).toEqual([1, 1]);
  });

  test("for 50 whose keys are refused, at once: the same two requests, and each fails", async () => {
    sandbox().setPermissions("payments", []);
    const world = quick(sandbox());
    const all = await Promise.all(fifty().map((inputs) => check(world, {}, inputs)));
    expect(all.every(({ failures }) => failures[0]?.property === "source")).toBe(true);
    expect([count(sandbox(), "listConnections"), count(sandbox(), "listOrganizations")]).toEqual([1, 1]);
  });

  test.each(["listConnections", "listOrganizations"] as const)(
    "for 50 one after the other, %s without an answer: all tries of one call",
    async (route) => {
      answer(route, status(503));
      const world = quick(sandbox(), { client: { retry: { tries: 2 } } });
      const found = [];
      for (const inputs of fifty()) found.push(...(await check(world, {}, inputs)).failures);
      expect([found, count(sandbox(), route)]).toEqual([[], 2]);
    },
  );

  test("for 50 one after the other, organizations at an address that does not know them (404): one request", async () => {
    answer("listOrganizations", status(404));
    const world = quick(sandbox());
    for (const inputs of fifty()) await check(world, {}, inputs);
    expect(count(sandbox(), "listOrganizations")).toBe(1);
  });

  test("organizations without an answer: what the listing proves alone is still found", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    answer("listOrganizations", status(503));
    const world = quick(sandbox(), { client: { retry: { tries: 2 } } });
    const { failures } = await check(world, {}, news());
    expect(failures[0]?.reason).toContain("already shares");
    expect(count(sandbox(), "listOrganizations")).toBe(2);
  });

  test("for 50 that did not change: nothing", async () => {
    const world = quick(sandbox());
    await Promise.all(fifty().map((inputs) => check(world, inputs, inputs)));
    expect(sandbox().requests).toEqual([]);
  });

  test("for 50 of 50 organizations: two requests each", async () => {
    const world = quick(sandbox());
    const inputs = fifty().map((_, at) => news("observability", `source-${at + 1}`));
    await Promise.all(inputs.map((one) => check(world, {}, one)));
    expect(sandbox().requests).toHaveLength(100);
  });

  test("for 50 that only record something (`reason`, `adopt`): nothing", async () => {
    const world = quick(sandbox());
    await Promise.all(fifty().map((one) => check(world, one, { ...one, reason: "SEC-1", adopt: true })));
    expect(sandbox().requests).toEqual([]);
  });
});
