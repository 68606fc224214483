/**
 * The host that Pulumi's dynamic provider process loads, by the one line in each resource's state (provider-lines.ts).
 * It turns what the engine asks into calls of the lifecycle, and the answers into what that process sends back.
 */
import type { dynamic } from "@pulumi/pulumi";
import * as lifecycle from "../lifecycle/index.js";
import type { Recorded, Wanted, World } from "../lifecycle/index.js";
import { NAMESPACE, type ConfigReader } from "../credentials/settings.js";
import { requireEngine } from "./engine-alive.js";
import { printable } from "./printable-error.js";
import { INPUT_LINE, OUTPUT_LINE, withLine } from "./provider-lines.js";
import { Sessions } from "./sessions.js";

/** What the engine's host calls. A gone connection is a read without an id. */
export type DynamicHost = Omit<dynamic.ResourceProvider, "read"> &
  Required<Pick<dynamic.ResourceProvider, "configure" | "check" | "diff" | "update" | "delete">> & {
    read(id: string, props: unknown): Promise<dynamic.ReadResult>;
  };

/** Makes the host of one provider process, which lives for one engine operation. */
export function handler(): DynamicHost {
  let config: ConfigReader = () => undefined;
  // What the process writes to stderr shows in the user's output.
  const warn = (message: string) => void process.stderr.write(`${message}\n`);
  const sessions = new Sessions(() => ({ config, env: process.env }), warn, { beforeWrite: requireEngine });
  const world: World = {
    kept: new Map(),
    ended: new Set(),
    held: new Set(),
    adoptAll: () => process.env["DATADOG_ORG_CONNECTIONS_ADOPT"] === "true",
    session: (source) => sessions.for(source),
    warn,
    checks: () => (config(`${NAMESPACE}:checks`) === "offline" ? "offline" : "online"),
  };

  return {
    // Synchronous to its end: calls arrive while the process still waits for this promise.
    configure: (request) => {
      config = (key) => request.config.get(key);
      return Promise.resolve();
    },
    check: (olds, news) =>
      guarded("check", async () => {
        const { wanted: inputs, failures } = await lifecycle.check(world, fields(olds), fields(news));
        return { inputs, failures };
      }),
    diff: (id, olds, news) =>
      guarded("diff", async () => {
        const difference = await lifecycle.diff(world, id, recorded(olds), wanted(news));
        if (difference.change !== "replace") return { changes: difference.change === "update" };
        return { changes: true, replaces: difference.because };
      }),
    create: (inputs) =>
      guarded("create", async () => {
        const { connectionId, recorded: outs } = await lifecycle.create(world, wanted(inputs));
        return { id: connectionId, outs: withLine(outs, OUTPUT_LINE) };
      }),
    read: (id, props) =>
      guarded("read", async () => {
        const seen = await lifecycle.read(world, id, fields(props));
        if (!seen) return { id: "", props: {} };
        return { id, props: withLine(seen.recorded, OUTPUT_LINE), inputs: withLine(seen.wanted, INPUT_LINE) };
      }),
    update: (id, olds, news) =>
      guarded("update", async () => ({
        outs: withLine(await lifecycle.update(world, id, recorded(olds), wanted(news)), OUTPUT_LINE),
      })),
    delete: (id, props) => guarded("delete", () => lifecycle.remove(world, id, recorded(props))),
  };
}

async function guarded<T>(call: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw printable(error, call);
  }
}

/** The engine's properties without the provider's line, which is the host's affair. */
function fields(properties: unknown): Record<string, unknown> {
  const rest = { ...(properties as Record<string, unknown>) };
  delete rest["__provider"];
  return rest;
}

// State and checked inputs are what this package wrote; a later version reads those of an earlier one.
const recorded = (properties: unknown) => fields(properties) as unknown as Recorded;
const wanted = (properties: unknown) => fields(properties) as unknown as Wanted;
