import { expect, it } from "vitest";
import { previewStack, saveState } from "../cli/commands/review/report.js";
import { declareConnection } from "../cli/commands/review/programs.js";
import { useEngine } from "./stack.js";

const engine = useEngine();

interface Json {
  outcome: string;
  changes: { kind: string; resource: string; retainedBy?: string[] }[];
  warnings: { code: string; sentence: string }[];
}

it("two resources manage one connection: review reports it, and the effect of a targeted deletion on the other one", async () => {
  const hub = engine.getOrgId("observability");
  const stack = engine.createStack(declareConnection("first", hub, "logs"));
  await stack.expectUp();
  const id = engine.getOnlyConnection().id;
  // The second resource adopts the connection. The run does not process the first one.
  stack.writeProgram(declareConnection("second", hub, "logs", "adopt: true"));
  const second = (await stack.findUrn("first")).replace(/first$/, "second");
  await stack.expectUp("--target", second);
  expect((await stack.loadState()).map(({ id: savedId }) => savedId)).toEqual([id, id]);
  await saveState(stack);

  const targeted = await previewStack(stack, "--target", await stack.findUrn("first"));
  for (const args of [[], ["--state", "state.json"]]) {
    const { code, stdout } = await targeted(...args, "--format", "json");
    const { outcome, changes, warnings } = JSON.parse(stdout) as Json;
    expect([code, outcome]).toEqual([4, "destructive"]);
    if (args.length === 0) continue;
    expect(changes).toMatchObject([{ kind: "delete", resource: "first", retainedBy: ["second"] }]);
    expect(warnings).toMatchObject([
      { code: "multiple-owners", sentence: expect.stringContaining(id) as string },
    ]);
  }
  const report = await targeted("--state", "state.json");
  expect(report.stdout).toMatch(/`second`, which also manages it/);
  const quiet = await (await previewStack(stack, "--target", second))("--state", "state.json");
  expect(quiet.code).toBe(0);
  expect(quiet.stdout).toMatch(/`first` and `second` both manage/);

  // The engine does not show the other resource to the provider, as the report warns.
  await stack.expectUp("--target", await stack.findUrn("first"));
  expect(engine.listLive()).toEqual([]);
});
