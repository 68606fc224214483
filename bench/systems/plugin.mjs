import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildNothingPlugin } from "./nothing-plugin.mjs";
import { createStack, project, writeNodeProgram } from "./pulumi.mjs";

/**
 * @type {{ listConnections: (env: Record<string, string>) =>
 *   { name: string, source: string | undefined, sinkOrgId: string }[] }}
 */
const { listConnections } = createRequire(import.meta.url)("../programs/workload.cjs");

const plugin = fileURLToPath(new URL("../../plugin", import.meta.url));
/** The link to the plugin in the folder of a program. The engine writes the schema beside it. */
const link = "node_modules/pulumi-resource-datadog-org-connections";
/** @type {{ version: string }} */
const { version } = JSON.parse(readFileSync(join(plugin, "package.json"), "utf8"));
/** The settings of a project that uses the plugin. With the version, the engine keeps the schema. JSON is YAML. */
const settings = `plugins: ${JSON.stringify({ providers: [{ name: "datadog-org-connections", path: link, version }] })}\n`;
const typeTokens = {
  single: "datadog-org-connections:OrgConnection",
  set: "datadog-org-connections:OrgConnectionSet",
};

/**
 * A program of bench/programs that uses the plugin.
 * @param {string} program
 */
export const createPluginProgram = (program) =>
  createStack(({ folder }) => {
    linkPlugin(folder);
    return writeNodeProgram(folder, program, settings);
  });

/** The engine keeps the schema from the first preview, as `tofu init` keeps the one of a provider. */
const previewOnce = ["preview", "--stack=dev", "--non-interactive"];

/**
 * A YAML program that uses the plugin, or no resource at all.
 * @param {"single" | "set" | "nothing"} kind
 * @param {() => string | Promise<string>} [getPlugin] returns the folder of the plugin, by default that of its script
 */
export const createYamlProgram = (kind, getPlugin = () => plugin) =>
  createStack(async (place) => {
    linkPlugin(place.folder, await getPlugin());
    return writeYamlProgram(kind, place);
  }, previewOnce);

/**
 * The same YAML program with the plugin that sends no requests.
 * @param {"single" | "set"} kind
 */
export const createYamlProgramOfNothing = (kind) =>
  createStack(async (place) => {
    await buildNothingPlugin(join(place.folder, link));
    return writeYamlProgram(kind, place);
  }, previewOnce);

/**
 * @param {"single" | "set" | "nothing"} kind
 * @param {{ folder: string, env: Record<string, string> }} place
 */
function writeYamlProgram(kind, { folder, env }) {
  /** @param {string} types */
  const update = (types) => {
    const resources = kind === "nothing" ? {} : createResources(kind, env, types.split(","));
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      `name: ${project}\nruntime: yaml\n${settings}resources: ${JSON.stringify(resources)}\n`,
    );
  };
  // The stack is created before the first operation, and needs the project.
  update("logs");
  return update;
}

/** @param {string} folder @param {string} target */
function linkPlugin(folder, target = plugin) {
  mkdirSync(dirname(join(folder, link)), { recursive: true });
  symlinkSync(target, join(folder, link), "junction");
}

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
