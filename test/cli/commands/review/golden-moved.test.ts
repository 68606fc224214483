import { expect, it } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { declareSet, declareConnection } from "./programs.js";
import { expectGolden, reviewStack, saveState } from "./report.js";

const engine = useEngine();
/** The preview names the creator only if the set does not run its preview check before the resource. A lookup always does. */
const STATE = ["--state", "state.json", "--lookup"];

it("connections that move from single resources into a set and back are retained", async () => {
  const [hub, search] = [engine.getOrgId("observability"), engine.getOrgId("search")];
  const stack = engine.createStack(
    `${declareConnection("to-hub", hub, "logs")}${declareConnection("to-search", search, "logs")}`,
  );
  await stack.expectUp();
  await saveState(stack);
  stack.writeProgram(declareSet({ [hub]: "logs", [search]: "logs, metrics" }, "adopt: true"));
  const joined = await reviewStack(stack, { args: STATE });
  expect(joined.code).toBe(3);
  await expectGolden(joined, "single-to-set");

  await stack.expectUp();
  await saveState(stack);
  const toSearch = declareConnection("to-search", search, "logs, metrics", "adopt: true");
  stack.writeProgram(`${declareSet({ [hub]: "logs" }, "adopt: true")}${toSearch}`);
  const race = await reviewStack(stack, { args: STATE });
  expect(race.code).toBe(4);
  await expectGolden(race, "set-to-single-race");

  stack.writeProgram(
    `const taker = ${toSearch}${declareSet({ [hub]: "logs" }, "adopt: true").replace(");", ", { dependsOn: taker });")}`,
  );
  const left = await reviewStack(stack, { args: STATE });
  expect(left.code).toBe(3);
  await expectGolden(left, "set-to-single");
  const ids = engine.sandbox.listConnections().map(({ id }) => id);
  await stack.expectUp();
  expect(engine.sandbox.listConnections().map(({ id }) => id)).toEqual(ids);
});
