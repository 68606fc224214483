import { expect, it } from "vitest";
import { writePluginProgram } from "./plugin-program.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

/** Writes a program with a provider for each of two organizations, and a connection that belongs to one of them. */
function writeProgram(stack: Stack, provider: string): void {
  const declareProvider = (name: string, of: string, more = "") => {
    const { apiKey, appKey } = engine.sandbox.getOrganization(of);
    const args = `url: "${engine.sandbox.url}", apiKey: "${apiKey}", appKey: "${appKey}", ${more}`;
    return `const ${name} = new Provider("${name}", { ${args} });`;
  };
  writePluginProgram(
    stack,
    `${declareProvider("payments", "payments")}
    ${declareProvider("renamed", "payments", "maxAttempts: 3")}
    ${declareProvider("checkout", "checkout")}
    new OrgConnection("hub", { sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"] },
      { provider: ${provider} });`,
  );
}

it("a resource that moves to a provider of another organization is replaced, and otherwise unchanged", async () => {
  const stack = engine.createStack("");
  stack.env = {};
  writeProgram(stack, "payments");
  await stack.expectUp();
  const { id } = engine.getOnlyConnection();
  writeProgram(stack, "renamed");
  await stack.expectUp();
  expect(engine.getOnlyConnection().id).toBe(id);
  writeProgram(stack, "checkout");
  const preview = await stack.preview("--diff");
  expect(preview.output).toMatch(/\+-.*OrgConnection.*\(replace\)/);
  await stack.expectUp();
  expect(engine.listLive()).toEqual(["checkout → observability: logs"]);
});
