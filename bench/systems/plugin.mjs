import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPulumiProgram, createStack, project } from "./pulumi.mjs";

/**
 * @type {{ listConnections: (env: Record<string, string>) =>
 *   { name: string, source: string | undefined, sinkOrgId: string }[] }}
 */
const { listConnections } = createRequire(import.meta.url)("../programs/workload.cjs");

const plugin = fileURLToPath(new URL("../../plugin", import.meta.url));
/** The settings of a project that uses the plugin. JSON is YAML. */
const settings = `plugins: ${JSON.stringify({ providers: [{ name: "datadog-org-connections", path: plugin }] })}\n`;
const typeTokens = {
  single: "datadog-org-connections:OrgConnection",
  set: "datadog-org-connections:OrgConnectionSet",
};

/**
 * A program of bench/programs that uses the plugin.
 * @param {string} program
 */
export const createPluginProgram = (program) => createPulumiProgram(program, settings);

/**
 * A YAML program that uses the plugin, or no resource at all.
 * @param {"single" | "set" | "nothing"} kind
 */
export const createYamlProgram = (kind) =>
  createStack(({ folder, env }) => {
    /** @param {object} resources */
    const write = (resources) =>
      writeFileSync(
        join(folder, "Pulumi.yaml"),
        `name: ${project}\nruntime: yaml\n${settings}resources: ${JSON.stringify(resources)}\n`,
      );
    // The stack is created before the first operation, and needs the project.
    write({});
    return (types) => write(kind === "nothing" ? {} : createResources(kind, env, types.split(",")));
  });

/**
 * @param {"single" | "set"} kind
 * @param {Record<string, string>} env
 * @param {string[]} types
 */
function createResources(kind, env, types) {
  const connections = listConnections(env);
  if (kind === "set") {
    const all = Object.fromEntries(connections.map(({ sinkOrgId }) => [sinkOrgId, types]));
    return { all: { type: typeTokens.set, properties: { connections: all } } };
  }
  return Object.fromEntries(
    connections.map(({ name, source, sinkOrgId }) => [
      name,
      { type: typeTokens.single, properties: { source, sinkOrgId, connectionTypes: types } },
    ]),
  );
}
