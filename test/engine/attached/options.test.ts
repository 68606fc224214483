import { expect, it } from "vitest";
import { expectSettled } from "../expect-settled.js";
import { useEngine } from "../stack.js";
import { LOGS } from "./declarations.js";

const engine = useEngine();
const { declare } = engine;
const AUDIT = { connectionTypes: ["audit"] };

it("ignoreChanges keeps the types", async () => {
  const stack = engine.createStack([declare("hub", "observability")]);
  await stack.expectUp();
  stack.writeProgram([declare("hub", "observability", AUDIT, { ignoreChanges: ["connectionTypes"] })]);
  const up = await stack.expectUp();
  expect([up.steps, up.requests]).toEqual([[], []]);
});

it("protect stops destroy before any request", async () => {
  const stack = engine.createStack([declare("hub", "observability", LOGS, { protect: true })]);
  await stack.expectUp();
  const destroy = await stack.destroy();
  expect([destroy.code === 0, destroy.requests]).toEqual([false, []]);
  await expectSettled(engine, stack);
});

it("retainOnDelete keeps the connection and only removes the resource from the state", async () => {
  const stack = engine.createStack([declare("hub", "observability", LOGS, { retainOnDelete: true })]);
  await stack.expectUp();
  const destroy = await stack.destroy();
  expect([destroy.code, destroy.requests]).toEqual([0, []]);
  expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  expect(await stack.loadState()).toEqual([]);
});

it("--target changes only the selected resource", async () => {
  const declareBoth = (args = LOGS) => [
    declare("hub", "observability", args),
    declare("sec", "security", args),
  ];
  const stack = engine.createStack(declareBoth());
  await stack.expectUp();
  stack.writeProgram(declareBoth(AUDIT));
  expect((await stack.expectUp("--target", "**hub")).steps).toEqual(["update hub"]);
  expect(engine.listLive()).toEqual(["payments → observability: audit", "payments → security: logs"]);
});
