import { unpackExecutable } from "./executable.mjs";
import { createPluginProgram, createYamlProgram, createYamlProgramOfNothing } from "./plugin.mjs";
import { createPulumiProgram } from "./pulumi.mjs";
import { openRequestsAlone } from "./requests.mjs";
import { findMissingCommand, findMissingPackage } from "./missing.mjs";
import { openTofu } from "./tofu.mjs";

/** @typedef {"preview" | "create" | "no-op" | "refresh" | "change" | "destroy"} Operation */

/** In execution order, with the preview before the create. @type {readonly Operation[]} */
export const operations = ["preview", "create", "no-op", "refresh", "change", "destroy"];

/**
 * One system in its own folder.
 * @typedef {object} OpenedSystem
 * @property {(operation: Operation, types: string) => Promise<import("../measure-command.mjs").Measured>} run
 *   `types`: the types of all connections, separated by commas
 * @property {() => number | undefined} stateBytes
 *
 * @typedef {(place: { folder: string, binDir: string, hostsDir?: string | undefined, workload: import("../workloads.mjs").Workload,
 *   env: Record<string, string>, timeoutMs: number }) => Promise<OpenedSystem>} SystemOpener
 *
 * @typedef {object} System
 * @property {string} key
 * @property {string} title
 * @property {string} form how the report describes its program and commands
 * @property {SystemOpener} open
 * @property {true} [needsYamlHost] whether its program is in YAML
 * @property {() => string | undefined} [findMissing] of a peer, a tool that this machine may lack: what it
 *   lacks
 */

/** @type {System[]} */
export const systems = [
  {
    key: "requests",
    title: "the requests alone",
    form: "a loop with axios and 32 concurrent requests: the floor of every tool that sends them from Node",
    open: openRequestsAlone,
  },
  {
    key: "nothing-set",
    title: "a do-nothing set",
    form: "as `OrgConnectionSet`, but its provider does nothing: the engine's own cost",
    open: createPulumiProgram("nothing-set"),
  },
  {
    key: "set",
    title: "`OrgConnectionSet`",
    form: "one resource for all connections; `pulumi up --skip-preview`",
    open: createPulumiProgram("set"),
  },
  {
    key: "nothing",
    title: "a do-nothing resource",
    form: "as `OrgConnection`, but its provider does nothing: the engine's own cost",
    open: createPulumiProgram("nothing"),
  },
  {
    key: "single",
    title: "`OrgConnection`",
    form: "one resource per connection, keys in environment variables; `pulumi up --skip-preview`",
    open: createPulumiProgram("single"),
  },
  {
    key: "nothing-yaml",
    title: "an empty YAML program",
    form: "no resource and no provider: the engine, the language host and the state",
    open: createYamlProgram("nothing"),
    needsYamlHost: true,
  },
  {
    key: "plugin-yaml",
    title: "plugin, `OrgConnection`, YAML",
    form:
      "one resource per connection, keys in environment variables; the plugin's version in Pulumi.yaml, and one preview before, " +
      "which keeps its schema; `pulumi up --skip-preview`",
    open: createYamlProgram("single"),
    needsYamlHost: true,
  },
  {
    key: "plugin-executable",
    title: "plugin's executable, `OrgConnection`, YAML",
    form: "the same with the executable, which needs no Node",
    open: createYamlProgram("single", async () => (await unpackExecutable("plugin")).folder),
    needsYamlHost: true,
  },
  {
    key: "plugin-yaml-set",
    title: "plugin, `OrgConnectionSet`, YAML",
    form: "one resource for all connections; `pulumi up --skip-preview`",
    open: createYamlProgram("set"),
    needsYamlHost: true,
  },
  {
    key: "nothing-plugin",
    title: "a do-nothing plugin, YAML",
    form: "the same program as `OrgConnection` in YAML; the plugin converts the engine's messages and sends no requests",
    open: createYamlProgramOfNothing("single"),
    needsYamlHost: true,
  },
  {
    key: "nothing-plugin-set",
    title: "a do-nothing plugin, a set, YAML",
    form: "the same program as `OrgConnectionSet` in YAML; the plugin converts the engine's messages and sends no requests",
    open: createYamlProgramOfNothing("set"),
    needsYamlHost: true,
  },
  {
    key: "plugin-js",
    title: "plugin, `OrgConnection`, JavaScript",
    form: "the same in a program for Node",
    open: createPluginProgram("plugin-single"),
  },
  {
    key: "plugin-js-set",
    title: "plugin, `OrgConnectionSet`, JavaScript",
    form: "the same in a program for Node",
    open: createPluginProgram("plugin-set"),
  },
  {
    key: "naive",
    title: "a provider as in Pulumi's documentation",
    form: "a dynamic provider with one request per method, without checks",
    open: createPulumiProgram("naive"),
  },
  {
    key: "pulumi-datadog",
    title: "`@pulumi/datadog`",
    form: "one explicit provider per organization, only the two modules that it needs; `pulumi up --skip-preview`",
    open: createPulumiProgram("pulumi-datadog"),
    findMissing: () => findMissingCommand("pulumi-resource-datadog") ?? findMissingPackage("@pulumi/datadog"),
  },
  {
    key: "tofu",
    title: "OpenTofu, official provider",
    form:
      "for a hub, one aliased provider per organization as literal blocks; for one source, `count` over a local list; " +
      "`-refresh=false`, except for refresh, because `pulumi up` reads nothing either; `tofu plan` for preview",
    open: openTofu,
    findMissing: () => findMissingCommand("tofu"),
  },
];
