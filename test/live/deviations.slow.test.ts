import { expect, test } from "vitest";
import { assumptions } from "../../sandbox/src/index.js";
import { EXIT } from "./run-live.js";
import { listNames, useLive } from "./use-live.js";

const { run } = useLive();
const names = assumptions.map(({ name }) => name);

test("the sandbox confirms each assumption", async () => {
  const live = await run(["--sandbox"]);
  expect(live.code).toBe(EXIT.passed);
  expect(listNames(live, "confirmed")).toEqual(names);
});

// The exit code is another one, too, if the connections of the sandbox are not the same afterward.
test.each(names)(
  "a sandbox that inverts %s refutes exactly this assumption, and nothing is left",
  async (name) => {
    const live = await run(["--deviate", name]);
    expect(listNames(live, "refuted")).toEqual([name]);
    expect(live.verdict?.stopReason).toBeUndefined();
    expect(live.verdict?.leftBehind).toBeUndefined();
    expect(live.code).toBe(EXIT.failed);
    expect(live.output).not.toContain("did not leave");
  },
);
