/** Results of a run of the real engine: the state, and the errors of resources. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { OFFICIAL_TYPE } from "../../cli/src/stack/pulumi-resources.js";
import type { CliRun, Stack } from "../engine/stack.js";
import type { SavedResource } from "./saved-resource.js";
import type { RunError, Scenario, StackState } from "./scenario.js";

const parseName = (urn: string) => urn.split("::").at(-1) ?? "";

/** Loads the state of the stack into the scenario. */
export async function loadState(scenario: Scenario, stack: Stack): Promise<void> {
  const deployment = await stack.loadDeployment();
  // After a kill, the engine lists a pending create, with a warning, until `refresh --clear-pending-creates`.
  const pending = (deployment.pending_operations ?? []).filter(({ type }) => type !== "creating");
  const state: StackState = { resources: new Map(), pendingDeletes: [], pendingOperations: pending.length };
  for (const resource of deployment.resources ?? []) {
    const isManaged = resource.type.includes("datadog") && !resource.type.startsWith("pulumi:providers:");
    if (!isManaged || resource.pendingReplacement === true) continue;
    const name = parseName(resource.urn);
    const saved: SavedResource = {
      id: resource.id ?? "",
      inputs: resource.inputs as unknown as SavedResource["inputs"],
      outputs: resource.outputs as unknown as SavedResource["outputs"],
      isPartial: (resource.initErrors ?? []).length > 0,
      ...(resource.type === OFFICIAL_TYPE && { isOfficial: true }),
    };
    if (resource.delete === true) state.pendingDeletes.push({ name, saved });
    else state.resources.set(name, saved);
  }
  scenario.state = state;
}

interface DiagnosticEvent {
  diagnosticEvent?: { severity: string; message: string; urn?: string };
}

/** Reads the errors of resources from the newest event log, or else the output of the CLI. */
export function readErrors(stack: Stack, { code, output }: CliRun): RunError[] {
  if (code === 0) return [];
  const logs = readdirSync(stack.folder).filter((name) => /^events-\d+\.json$/.test(name));
  const newest = logs.sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b))).at(-1);
  const lines = newest === undefined ? [] : readFileSync(path.join(stack.folder, newest), "utf8").split("\n");
  const errors = lines.filter(Boolean).flatMap((line) => {
    const { severity, message = "", urn = "" } = (JSON.parse(line) as DiagnosticEvent).diagnosticEvent ?? {};
    if (severity !== "error" || !urn.includes("datadog")) return [];
    // A partial failure has all its reasons in one message, each with its code at the end.
    const parts = message.matchAll(/(.*?)\[([a-z]+(?:-[a-z]+)+|unauthenticated|forbidden|redirected)\]/gs);
    return [...parts].map(([text, , reason = ""]) => ({
      resource: parseName(urn),
      call: "run",
      code: reason,
      message: text,
    }));
  });
  return errors.length > 0 ? errors : [{ resource: "", call: "run", code: "other", message: output }];
}
