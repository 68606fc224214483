import { describe, it } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { expectRecorded, RECORDED } from "./golden-recording.js";
import { declareConnection } from "./programs.js";
import { saveState } from "./report.js";

const engine = useEngine(RECORDED);

describe("previews of the real engine that fail or do not show everything", () => {
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
    await expectRecorded(stack, engine.sandbox, "failed", "--refresh");
    stack.writeProgram(createProgram("adopt: true"));
    await expectRecorded(stack, engine.sandbox, "drift-recreated", "--refresh");
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
    await expectRecorded(stack, engine.sandbox, "unknown");
  });
});
