import { expect, it } from "vitest";
import { useEngine } from "../engine/stack.js";
import { set, single } from "./programs.js";
import { expectGolden, review, saveState } from "./report.js";

const engine = useEngine();
const STATE = ["--state", "state.json"];

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
  stack.program(
    `${set({ [hub]: "logs" }, "adopt: true")}${single("to-search", search, "logs", "adopt: true")}`,
  );
  const left = await review(stack, { args: STATE });
  expect(left.code).toBe(4);
  await expectGolden(left, "set-to-single");
  await stack.mustUp();
  expect(engine.live()).toEqual(["payments → observability: logs", "payments → search: logs"]);
});
