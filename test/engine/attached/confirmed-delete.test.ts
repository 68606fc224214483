import { expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { useEngine } from "../stack.js";

const engine = useEngine();
const declare = (name: string, sink: string, options = {}) =>
  new OrgConnection(name, { sinkOrgId: engine.getOrgId(sink), connectionTypes: ["logs"] }, options);

it("a delete that Datadog confirmed succeeds, even if a listing for another resource fails meanwhile", async () => {
  const stack = engine.createStack(() => void declare("moved", "observability"));
  await stack.setConfig("datadog-org-connections:requestTimeoutSeconds", "4");
  await stack.setConfig("datadog-org-connections:maxAttempts", "1");
  await stack.expectUp();
  // Lists never return: the create of "added" waits for one while "moved" is deleted, and then fails.
  engine.sandbox.fail({
    on: { route: "listConnections" },
    times: Infinity,
    moment: "before",
    what: { kind: "hang" },
  });
  engine.sandbox.fail({
    on: { route: "deleteConnection" },
    moment: "before",
    what: { kind: "delay", ms: 1500 },
  });
  stack.writeProgram(() => {
    declare("added", "search");
    declare("moved", "security", { deleteBeforeReplace: true });
  });
  const up = await stack.up();

  expect(up.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(1);
  expect(up.code).not.toBe(0);
  expect(engine.listLive()).toEqual([]);
  // The state only has the entry that the engine keeps for a pending replacement.
  expect((await stack.loadState()).filter(({ pendingReplacement }) => pendingReplacement !== true)).toEqual(
    [],
  );

  engine.sandbox.clearFaults();
  await stack.expectUp();
  expect(engine.listLive()).toEqual(["payments → search: logs", "payments → security: logs"]);
});
