import { expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();
const declare = (name: string, sink: string, options = "") =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["logs"] }, { ${options} });`;

it("a delete that Datadog confirmed succeeds, whatever becomes of another resource's listing meanwhile", async () => {
  const stack = engine.stack(declare("moved", "observability"));
  await stack.config("datadog-org-connections:requestTimeoutSeconds", "4");
  await stack.config("datadog-org-connections:tries", "1");
  await stack.mustUp();
  // No list arrives: the create of "added" waits for one while "moved" is deleted, and then fails.
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
  stack.program(
    `${declare("added", "search")}\n${declare("moved", "security", "deleteBeforeReplace: true")}`,
  );
  const up = await stack.up();

  expect(up.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(1);
  expect(up.code).not.toBe(0);
  expect(engine.live()).toEqual([]);
  // What is left of it in the state is the engine's note that a replacement is due.
  expect((await stack.state()).filter(({ pendingReplacement }) => pendingReplacement !== true)).toEqual([]);

  engine.sandbox.clearFaults();
  await stack.mustUp();
  expect(engine.live()).toEqual(["payments → search: logs", "payments → security: logs"]);
});
