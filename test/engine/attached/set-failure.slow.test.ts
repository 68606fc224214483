/** A failure within a thousand changes of one set: the state agrees with the live connections. */
import { describe, expect, it } from "vitest";
import { OrgConnectionSet } from "../../../provider/src/index.js";
import { createSeed } from "../../../sandbox/src/index.js";
import { useEngine, type Stack } from "../stack.js";

const COUNT = 1000;
const seed = createSeed({ sources: COUNT });
const engine = useEngine({ seed });
const sinks = seed.accounts[0]?.organizations.slice(-COUNT) ?? [];

/** Declares all thousand destinations with these types. */
const declareAll = (types: string[]) => () => {
  new OrgConnectionSet("all", { connections: Object.fromEntries(sinks.map(({ id }) => [id, types])) });
};

/** Reads the live connections and those in the state: id and types by destination. */
async function readLiveAndState(stack: Stack): Promise<{ live: unknown; state: unknown }> {
  const [resource] = await stack.loadState();
  const { members, connections } = resource?.outputs as {
    members: Record<string, { id: string }>;
    connections: Record<string, string[]>;
  };
  const rows = engine.sandbox.listConnections();
  const live = rows.map(({ id, sinkOrgId, connectionTypes }) => [sinkOrgId, { id, types: connectionTypes }]);
  const state = Object.entries(members).map(([sink, { id }]) => [sink, { id, types: connections[sink] }]);
  expect(Object.keys(connections).sort()).toEqual(Object.keys(members).sort());
  return {
    live: Object.fromEntries(live as [string, unknown][]),
    state: Object.fromEntries(state as [string, unknown][]),
  };
}

const listWrites = (requests: string[]) => requests.filter((request) => !request.startsWith("GET"));

describe("a set of 1,000 whose 500th change fails", () => {
  it.each([
    ["alone", 1, 1],
    ["and all after it", Infinity, COUNT - 499],
  ])(
    "%s: the state agrees with the live connections, and the next up sends the missing changes",
    async (_, times, count) => {
      const stack = engine.createStack(declareAll(["logs"]));
      await stack.expectUp();
      expect(engine.sandbox.listConnections()).toHaveLength(COUNT);
      stack.writeProgram(declareAll(["metrics"]));
      const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
      engine.sandbox.fail({ on: { route: "updateConnection" }, skip: 499, times, moment: "before", what });

      const failed = await stack.up();
      expect(failed.code).not.toBe(0);
      const who =
        times === 1 ? "destination Acme Source \\d+ \\(.*\\)" : "\\d+ destinations \\(Acme Source .* more\\)";
      expect(failed.output).toMatch(new RegExp(`For ${who}: Datadog rejected the request`));
      const after = await readLiveAndState(stack);
      expect(after.state).toEqual(after.live);
      const missing = engine.sandbox.listConnections().filter((row) => row.connectionTypes[0] === "logs");
      // One failure does not stop other requests. If all fail, most are not sent.
      expect(missing).toHaveLength(count);
      expect(/\d+ more changes of .* were skipped/.test(failed.output)).toBe(times === Infinity);

      engine.sandbox.clearFaults();
      const up = await stack.expectUp();
      expect(listWrites(up.requests).sort()).toEqual(
        missing.map(({ id }) => `PATCH /api/v2/org_connections/${id}`).sort(),
      );
      const repaired = await readLiveAndState(stack);
      expect(repaired.state).toEqual(repaired.live);
      expect(engine.sandbox.listConnections().every((row) => row.connectionTypes.join() === "metrics")).toBe(
        true,
      );
      const next = await stack.preview("--expect-no-changes");
      expect([next.code, next.requests]).toEqual([0, []]);
    },
  );
});
