import { describe, expect, it } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { declareConnection } from "./programs.js";
import { expectGolden, reviewStack, saveState } from "./report.js";

const engine = useEngine();
const STATE = ["--state", "state.json"];

describe("reports of previews that fail or do not show everything", () => {
  it("connections were deleted and one was recreated by hand: the preview fails, unless the program adopts it", async () => {
    const [hub, search] = [engine.getOrgId("observability"), engine.getOrgId("search")];
    // Without `dependsOn`, the order of the resources in a preview is undefined.
    const createProgram = (args = "") =>
      `const first = ${declareConnection("to-search", search, "logs")}${declareConnection("to-hub", hub, "logs", args, "dependsOn: first")}`;
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    await saveState(stack);
    for (const { id } of engine.sandbox.listConnections()) engine.sandbox.disconnect(id);
    engine.sandbox.connect({ source: "payments", sink: "observability", connectionTypes: ["metrics"] });
    const failed = await reviewStack(stack, { flags: ["--refresh"], args: STATE });
    expect(failed.code).toBe(1);
    await expectGolden(failed, "failed");
    // The next step comes last in the error.
    expect(failed.stdout).toContain("adopt: true");
    stack.writeProgram(createProgram("adopt: true"));
    const adopted = await reviewStack(stack, { flags: ["--refresh"], args: STATE });
    expect(adopted.code).toBe(4);
    await expectGolden(adopted, "drift-recreated");
  });

  it("a destination and types that are unknown until the update; unspecified types; delete before replace", async () => {
    const [hub, search] = [engine.getOrgId("observability"), engine.getOrgId("search")];
    const [security, checkout] = [engine.getOrgId("security"), engine.getOrgId("checkout")];
    const FIRST = "deleteBeforeReplace: true";
    const stack = engine.createStack(declareConnection("to-security", security, "logs", "", FIRST));
    await stack.expectUp();
    await saveState(stack);
    stack.writeProgram(`const first = ${declareConnection("first", search, "logs")}
      ${declareConnection("left", hub)}
      ${declareConnection("to-security", checkout, "logs", "", FIRST)}
      new OrgConnection("sink-later", { sinkOrgId: first.id, connectionTypes: ["audit"] });
      new OrgConnection("types-later", { sinkOrgId: "${security}", connectionTypes: first.createdAt.apply(() => ["logs"]) });`);
    const unknown = await reviewStack(stack, { args: STATE });
    expect(unknown.code).toBe(4);
    await expectGolden(unknown, "unknown");
  });
});
