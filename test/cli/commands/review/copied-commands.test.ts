import { expect, it } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { declareConnection } from "./programs.js";
import { reviewStack } from "./report.js";

const engine = useEngine();

it("the command of the engine's error about a protected resource can be copied from the report", async () => {
  const declared = declareConnection("to-hub", engine.getOrgId("observability"), "logs", "", "protect: true");
  const stack = engine.createStack(declared);
  await stack.expectUp();
  const urn = await stack.findUrn("to-hub");
  stack.writeProgram("");
  const { code, stdout } = await reviewStack(stack);
  expect(code).toBe(1);
  expect(stdout).toContain(`\`pulumi state unprotect '${urn}'\``);
  expect(stdout).not.toContain("&#8203;");
});
