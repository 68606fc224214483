import { expect, it } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { expectRecorded, RECORDED } from "./golden-recording.js";
import { declareSet, declareConnection } from "./programs.js";
import { saveState } from "./report.js";

const engine = useEngine(RECORDED);

it("connections that move from single resources into a set and back are retained", async () => {
  const [hub, search] = [engine.getOrgId("observability"), engine.getOrgId("search")];
  const stack = engine.createStack(
    `${declareConnection("to-hub", hub, "logs")}${declareConnection("to-search", search, "logs")}`,
  );
  await stack.expectUp();
  await saveState(stack);
  stack.writeProgram(declareSet({ [hub]: "logs", [search]: "logs, metrics" }, "adopt: true"));
  await expectRecorded(stack, engine.sandbox, "single-to-set");

  await stack.expectUp();
  await saveState(stack);
  const toSearch = declareConnection("to-search", search, "logs, metrics", "adopt: true");
  stack.writeProgram(`${declareSet({ [hub]: "logs" }, "adopt: true")}${toSearch}`);
  await expectRecorded(stack, engine.sandbox, "set-to-single-race");

  stack.writeProgram(
    `const taker = ${toSearch}${declareSet({ [hub]: "logs" }, "adopt: true").replace(");", ", { dependsOn: taker });")}`,
  );
  await expectRecorded(stack, engine.sandbox, "set-to-single");
  const ids = engine.sandbox.listConnections().map(({ id }) => id);
  await stack.expectUp();
  expect(engine.sandbox.listConnections().map(({ id }) => id)).toEqual(ids);
});
