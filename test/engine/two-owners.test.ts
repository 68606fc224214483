import { expect, it } from "vitest";
import { previewed, saveState } from "../cli/commands/review/report.js";
import { single } from "../cli/commands/review/programs.js";
import { useEngine } from "./stack.js";

const engine = useEngine();

interface Json {
  outcome: string;
  changes: { kind: string; resource: string; keptBy?: string[] }[];
  warnings: { code: string; sentence: string }[];
}

it("two resources hold one connection: review says so, and what a targeted deletion does to the other one", async () => {
  const hub = engine.id("observability");
  const stack = engine.stack(single("first", hub, "logs"));
  await stack.mustUp();
  const id = engine.only().id;
  // The second one adopts it, and the run does not come to the first one.
  stack.program(single("second", hub, "logs", "adopt: true"));
  const second = (await stack.urn("first")).replace(/first$/, "second");
  await stack.mustUp("--target", second);
  expect((await stack.state()).map(({ id: held }) => held)).toEqual([id, id]);
  await saveState(stack);

  const targeted = await previewed(stack, "--target", await stack.urn("first"));
  for (const args of [[], ["--state", "state.json"]]) {
    const { code, stdout } = await targeted(...args, "--json");
    const { outcome, changes, warnings } = JSON.parse(stdout) as Json;
    expect([code, outcome]).toEqual([4, "destructive"]);
    if (args.length === 0) continue;
    expect(changes).toMatchObject([{ kind: "delete", resource: "first", keptBy: ["second"] }]);
    expect(warnings).toMatchObject([{ code: "two-owners", sentence: expect.stringContaining(id) as string }]);
  }
  const report = await targeted("--state", "state.json");
  expect(report.stdout).toMatch(/`second` holds it too/);
  const quiet = await (await previewed(stack, "--target", second))("--state", "state.json");
  expect(quiet.code).toBe(0);
  expect(quiet.stdout).toMatch(/`first` and `second` both hold/);

  // What the report is about: the engine does not show the provider the other one.
  await stack.mustUp("--target", await stack.urn("first"));
  expect(engine.live()).toEqual([]);
});
