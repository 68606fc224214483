import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { createPulumiProgram } from "./pulumi.mjs";
import { openRequestsAlone } from "./requests.mjs";
import { openTofu } from "./tofu.mjs";

/** @typedef {"create" | "no-op" | "refresh" | "change" | "destroy"} Operation */

/** In execution order. @type {readonly Operation[]} */
export const operations = ["create", "no-op", "refresh", "change", "destroy"];

/**
 * One system in its own folder.
 * @typedef {object} OpenedSystem
 * @property {(operation: Operation, extra: Record<string, string>) =>
 *   Promise<import("../measure-command.mjs").Measured>} run
 * @property {() => number | undefined} stateBytes
 *
 * @typedef {(place: { folder: string, binDir: string, env: Record<string, string>, timeoutMs: number })
 *   => Promise<OpenedSystem>} SystemOpener
 *
 * @typedef {object} System
 * @property {string} key
 * @property {string} title
 * @property {"ours" | "floor" | "peer"} role
 * @property {"singles" | "set"} shape one resource per connection, or one for all
 * @property {boolean} isSlow takes minutes for a thousand connections
 * @property {SystemOpener} open
 * @property {() => boolean} [isAvailable] whether this machine has it; always, by default
 */

/** @type {System[]} */
export const systems = [
  {
    key: "requests",
    title: "the requests alone",
    role: "floor",
    shape: "set",
    isSlow: false,
    open: openRequestsAlone,
  },
  {
    key: "nothing-set",
    title: "a do-nothing set",
    role: "floor",
    shape: "set",
    isSlow: false,
    open: createPulumiProgram("nothing-set"),
  },
  {
    key: "set",
    title: "`OrgConnectionSet`",
    role: "ours",
    shape: "set",
    isSlow: false,
    open: createPulumiProgram("set"),
  },
  {
    key: "nothing",
    title: "a do-nothing resource",
    role: "floor",
    shape: "singles",
    isSlow: true,
    open: createPulumiProgram("nothing"),
  },
  {
    key: "single",
    title: "`OrgConnection`",
    role: "ours",
    shape: "singles",
    isSlow: true,
    open: createPulumiProgram("single"),
  },
  {
    key: "naive",
    title: "a provider as the documentation teaches",
    role: "peer",
    shape: "singles",
    isSlow: true,
    open: createPulumiProgram("naive"),
  },
  {
    key: "pulumi-datadog",
    title: "`@pulumi/datadog`",
    role: "peer",
    shape: "singles",
    isSlow: true,
    open: createPulumiProgram("pulumi-datadog"),
    isAvailable: () => isOnPath("pulumi-resource-datadog") && isInstalled("@pulumi/datadog"),
  },
  {
    key: "tofu",
    title: "OpenTofu with the official provider",
    role: "peer",
    shape: "singles",
    isSlow: false,
    open: openTofu,
    isAvailable: () => isOnPath("tofu"),
  },
];

/** Lists the systems that this machine has. */
export const listAvailableSystems = () => systems.filter(({ isAvailable }) => isAvailable?.() ?? true);

/** @param {string} name of a package */
function isInstalled(name) {
  try {
    createRequire(new URL("../programs/", import.meta.url)).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} command */
function isOnPath(command) {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
