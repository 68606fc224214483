/** A failure in the middle of a thousand changes of one set: whatever landed, the state says the same as the service. */
import { describe, expect, it } from "vitest";
import { seedWith } from "../../sandbox/src/index.js";
import { useEngine, type Stack } from "./stack.js";

const COUNT = 1000;
const seed = seedWith({ sources: COUNT });
const engine = useEngine({ seed });
const sinks = seed.accounts[0]?.organizations.slice(-COUNT) ?? [];

/** All thousand destinations, with these types. */
const all = (types: string[]) =>
  `new OrgConnectionSet("all", { connections: ${JSON.stringify(Object.fromEntries(sinks.map(({ id }) => [id, types])))} });`;

/** What is live, and what the state says: by destination, id and types. */
async function truth(stack: Stack): Promise<{ live: unknown; state: unknown }> {
  const [resource] = await stack.state();
  const { members, connections } = resource?.outputs as {
    members: Record<string, { id: string }>;
    connections: Record<string, string[]>;
  };
  const rows = engine.sandbox.connections();
  const live = rows.map(({ id, sinkOrgId, connectionTypes }) => [sinkOrgId, { id, types: connectionTypes }]);
  const state = Object.entries(members).map(([sink, { id }]) => [sink, { id, types: connections[sink] }]);
  expect(Object.keys(connections).sort()).toEqual(Object.keys(members).sort());
  return {
    live: Object.fromEntries(live as [string, unknown][]),
    state: Object.fromEntries(state as [string, unknown][]),
  };
}

const writes = (requests: string[]) => requests.filter((request) => !request.startsWith("GET"));

describe("a set of 1,000 whose 500th change is refused", () => {
  it.each([
    ["alone", 1, 1],
    ["and all after it", Infinity, COUNT - 499],
  ])("%s: the state says what is live, and the next up sends what is missing", async (_, times, count) => {
    const stack = engine.stack(all(["logs"]));
    await stack.mustUp();
    expect(engine.sandbox.connections()).toHaveLength(COUNT);
    stack.program(all(["metrics"]));
    const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
    engine.sandbox.fail({ on: { route: "updateConnection" }, skip: 499, times, moment: "before", what });

    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    const who = times === 1 ? "Acme Source \\d+ \\(.*\\)" : "\\d+ destinations \\(Acme Source .* more\\)";
    expect(failed.output).toMatch(new RegExp(`To ${who}: Datadog refused the request`));
    const after = await truth(stack);
    expect(after.state).toEqual(after.live);
    const missing = engine.sandbox.connections().filter((row) => row.connectionTypes[0] === "logs");
    // One that fails stops nothing else, in flight or not; when all fail, most are not tried.
    expect(missing).toHaveLength(count);
    expect(/\d+ more changes of .* were not tried/.test(failed.output)).toBe(times === Infinity);

    engine.sandbox.clearFaults();
    const up = await stack.mustUp();
    expect(writes(up.requests).sort()).toEqual(
      missing.map(({ id }) => `PATCH /api/v2/org_connections/${id}`).sort(),
    );
    const repaired = await truth(stack);
    expect(repaired.state).toEqual(repaired.live);
    expect(engine.sandbox.connections().every((row) => row.connectionTypes.join() === "metrics")).toBe(true);
    const next = await stack.preview("--expect-no-changes");
    expect([next.code, next.requests]).toEqual([0, []]);
  });
});
