import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { pulumiProgram } from "./pulumi.mjs";
import { requestsAlone } from "./requests.mjs";
import { tofu } from "./tofu.mjs";

/** @typedef {"create" | "no-op" | "refresh" | "change" | "destroy"} Operation */

/** In the order in which they are run. @type {readonly Operation[]} */
export const operations = ["create", "no-op", "refresh", "change", "destroy"];

/**
 * One system at work in a folder of its own.
 * @typedef {object} Opened
 * @property {(operation: Operation, extra: Record<string, string>) => Promise<import("../measured-command.mjs").Measured>} run
 * @property {() => number | undefined} stateBytes
 *
 * @typedef {(place: { folder: string, binDir: string, env: Record<string, string>, timeoutMs: number })
 *   => Promise<Opened>} Opener
 *
 * @typedef {object} System
 * @property {string} key
 * @property {string} title
 * @property {"ours" | "floor" | "peer"} role
 * @property {"singles" | "set"} shape one resource for each connection, or one for all
 * @property {boolean} dear takes minutes for a thousand connections
 * @property {Opener} open
 * @property {() => boolean} [atHand] whether this machine has it; always, when left out
 */

/** @type {System[]} */
export const systems = [
  {
    key: "requests",
    title: "the requests alone",
    role: "floor",
    shape: "set",
    dear: false,
    open: requestsAlone,
  },
  {
    key: "nothing-set",
    title: "a do-nothing set",
    role: "floor",
    shape: "set",
    dear: false,
    open: pulumiProgram("nothing-set"),
  },
  {
    key: "set",
    title: "`OrgConnectionSet`",
    role: "ours",
    shape: "set",
    dear: false,
    open: pulumiProgram("set"),
  },
  {
    key: "nothing",
    title: "a do-nothing resource",
    role: "floor",
    shape: "singles",
    dear: true,
    open: pulumiProgram("nothing"),
  },
  {
    key: "single",
    title: "`OrgConnection`",
    role: "ours",
    shape: "singles",
    dear: true,
    open: pulumiProgram("single"),
  },
  {
    key: "naive",
    title: "a provider as the documentation teaches",
    role: "peer",
    shape: "singles",
    dear: true,
    open: pulumiProgram("naive"),
  },
  {
    key: "pulumi-datadog",
    title: "`@pulumi/datadog`",
    role: "peer",
    shape: "singles",
    dear: true,
    open: pulumiProgram("pulumi-datadog"),
    atHand: () => isOnPath("pulumi-resource-datadog") && isInstalled("@pulumi/datadog"),
  },
  {
    key: "tofu",
    title: "OpenTofu with the official provider",
    role: "peer",
    shape: "singles",
    dear: false,
    open: tofu,
    atHand: () => isOnPath("tofu"),
  },
];

/** The systems that this machine has. */
export const systemsAtHand = () => systems.filter(({ atHand }) => atHand?.() ?? true);

/** @param {string} name of a package that the programs can load */
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
