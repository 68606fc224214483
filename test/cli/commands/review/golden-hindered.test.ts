import { describe, expect, it } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { single } from "./programs.js";
import { expectGolden, review, saveState } from "./report.js";

const engine = useEngine();
const STATE = ["--state", "state.json"];

describe("reports of previews that fail, or do not tell all", () => {
  it("somebody has ended connections and made one of them anew: the preview fails, unless it may be taken over", async () => {
    const [hub, search] = [engine.id("observability"), engine.id("search")];
    // The order in which a preview comes to its resources is not told otherwise.
    const program = (args = "") =>
      `const first = ${single("to-search", search, "logs")}${single("to-hub", hub, "logs", args, "dependsOn: first")}`;
    const stack = engine.stack(program());
    await stack.mustUp();
    await saveState(stack);
    for (const { id } of engine.sandbox.connections()) engine.sandbox.disconnect(id);
    engine.sandbox.connect({ source: "payments", sink: "observability", connectionTypes: ["metrics"] });
    const failed = await review(stack, { flags: ["--refresh"], args: STATE });
    expect(failed.code).toBe(1);
    await expectGolden(failed, "failed");
    // What to do next comes last in the error.
    expect(failed.stdout).toContain("adopt: true");
    stack.program(program("adopt: true"));
    const adopted = await review(stack, { flags: ["--refresh"], args: STATE });
    expect(adopted.code).toBe(4);
    await expectGolden(adopted, "drift-recreated");
  });

  it("a destination and types that are not known before the up; types left to Datadog; the old one ended first", async () => {
    const [hub, search] = [engine.id("observability"), engine.id("search")];
    const [security, checkout] = [engine.id("security"), engine.id("checkout")];
    const FIRST = "deleteBeforeReplace: true";
    const stack = engine.stack(single("to-security", security, "logs", "", FIRST));
    await stack.mustUp();
    await saveState(stack);
    stack.program(`const first = ${single("first", search, "logs")}
      ${single("left", hub)}
      ${single("to-security", checkout, "logs", "", FIRST)}
      new OrgConnection("sink-later", { sinkOrgId: first.id, connectionTypes: ["audit"] });
      new OrgConnection("types-later", { sinkOrgId: "${security}", connectionTypes: first.createdAt.apply(() => ["logs"]) });`);
    const untold = await review(stack, { args: STATE });
    expect(untold.code).toBe(4);
    await expectGolden(untold, "not-told");
  });
});
