/** Stacks whose JavaScript programs use both hosts: the dynamic resources and the plugin. */
import path from "node:path";
import { ROOT } from "../tree.js";
import { findProcessTree, type Process } from "./processes.js";
import type { Stack, useEngine } from "./stack.js";

/** The folder of the built plugin, which the tests run. */
export const PLUGIN = path.join(ROOT, "plugin");

/** The classes of the plugin that the programs use. The SDK that is generated for it has the same ones. */
const PLUGIN_CLASSES = `
const NAME = "datadog-org-connections";
class PluginProvider extends pulumi.ProviderResource {
  constructor(name, { organizations, ...args }, options) {
    const json = organizations && pulumi.output(organizations).apply((value) => JSON.stringify(value));
    super(NAME, name, { ...args, organizations: json }, options);
  }
}
class PluginConnection extends pulumi.CustomResource {
  constructor(name, args, options) {
    const outputs = { createdAt: undefined, createdBy: undefined, sourceOrgId: undefined, sourceOrgName: undefined };
    super(NAME + ":index:OrgConnection", name, { ...outputs, sinkOrgName: undefined, ...args }, options);
  }
}
class PluginConnectionSet extends pulumi.CustomResource {
  constructor(name, args, options) {
    const outputs = { members: undefined, undeclared: undefined, sourceOrgId: undefined, sourceOrgName: undefined };
    super(NAME + ":index:OrgConnectionSet", name, { ...outputs, ...args }, options);
  }
}
`;

/** Makes the plugin available to a stack. */
export function addPlugin(stack: Stack): void {
  const entry = `    - name: datadog-org-connections\n      path: ${JSON.stringify(PLUGIN)}\n`;
  const project = stack.readFile("Pulumi.yaml");
  const head = project.includes("plugins:") ? project : `${project}plugins:\n  providers:\n`;
  stack.writeFile("Pulumi.yaml", `${head}${entry}`);
}

/** Writes a program that may use the resources of both hosts. */
export function writePluginProgram(stack: Stack, statements: string): void {
  stack.writeProgram(`${PLUGIN_CLASSES}\n${statements}`);
}

/** Creates a stack whose program may use the resources of both hosts. */
export function createPluginStack(
  engine: ReturnType<typeof useEngine>,
  statements: string,
  settings?: Parameters<typeof engine.createStack>[1],
): Stack {
  const stack = engine.createStack("", settings);
  addPlugin(stack);
  writePluginProgram(stack, statements);
  return stack;
}

/** Finds the processes of the plugin among the descendants of a CLI. */
export const findPlugins = (cli: number): Process[] =>
  findProcessTree(cli).filter(
    ({ command }) =>
      /(^|\/)node$/.test(command[0] ?? "") && (command[1] ?? "").startsWith(path.join(PLUGIN, "dist")),
  );
