import path from "node:path";
import { ROOT } from "../tree.js";
import { findProcessTree, type Process } from "./processes.js";
import type { Stack } from "./stack.js";

/** The folder of the built plugin, which the tests run. */
export const PLUGIN = path.join(ROOT, "plugin");

/**
 * Writes a JavaScript program that uses the plugin. Its statements may use `pulumi`, the resources and `Provider`, which converts the
 * arguments as the generated SDK does.
 */
export function writePluginProgram(stack: Stack, statements: string): void {
  const project = stack.readFile("Pulumi.yaml");
  if (!project.includes("plugins:")) {
    const plugins = `plugins:\n  providers:\n    - { name: datadog-org-connections, path: ${JSON.stringify(PLUGIN)} }\n`;
    stack.writeFile("Pulumi.yaml", `${project}${plugins}`);
  }
  stack.writeFile(
    "index.js",
    `const pulumi = require("@pulumi/pulumi");
class OrgConnection extends pulumi.CustomResource {
  constructor(name, args, options) {
    super("datadog-org-connections:index:OrgConnection", name, { sourceOrgId: undefined, createdAt: undefined, ...args }, options);
  }
}
class Provider extends pulumi.ProviderResource {
  constructor(name, { organizations, ...args }, options) {
    const json = organizations && pulumi.output(organizations).apply((value) => JSON.stringify(value));
    super("datadog-org-connections", name, { ...args, organizations: json }, options);
  }
}
module.exports = async () => {
${statements}
};
`,
  );
}

/** Finds the processes of the plugin among the descendants of a CLI. */
export const findPlugins = (cli: number): Process[] =>
  findProcessTree(cli).filter(
    ({ command }) =>
      /(^|\/)node$/.test(command[0] ?? "") && (command[1] ?? "").startsWith(path.join(PLUGIN, "dist")),
  );
