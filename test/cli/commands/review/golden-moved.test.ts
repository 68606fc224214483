import { expect, it } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { set, single } from "./programs.js";
import { expectGolden, review, saveState } from "./report.js";

const engine = useEngine();
/** The preview itself names the creator only when the set has not looked before the resource, so a look-up tells. */
const STATE = ["--state", "state.json", "--lookup"];

it("connections that move from resources of their own into a set, and back, go on", async () => {
  const [hub, search] = [engine.id("observability"), engine.id("search")];
  const stack = engine.stack(`${single("to-hub", hub, "logs")}${single("to-search", search, "logs")}`);
  await stack.mustUp();
  await saveState(stack);
  stack.program(set({ [hub]: "logs", [search]: "logs, metrics" }, "adopt: true"));
  const joined = await review(stack, { args: STATE });
  expect(joined.code).toBe(3);
  await expectGolden(joined, "single-to-set");

  await stack.mustUp();
  await saveState(stack);
  const toSearch = single("to-search", search, "logs, metrics", "adopt: true");
  stack.program(`${set({ [hub]: "logs" }, "adopt: true")}${toSearch}`);
  const race = await review(stack, { args: STATE });
  expect(race.code).toBe(4);
  await expectGolden(race, "set-to-single-race");

  stack.program(
    `const taker = ${toSearch}${set({ [hub]: "logs" }, "adopt: true").replace(");", ", { dependsOn: taker });")}`,
  );
  const left = await review(stack, { args: STATE });
  expect(left.code).toBe(3);
  await expectGolden(left, "set-to-single");
  const ids = engine.sandbox.connections().map(({ id }) => id);
  await stack.mustUp();
  expect(engine.sandbox.connections().map(({ id }) => id)).toEqual(ids);
});
