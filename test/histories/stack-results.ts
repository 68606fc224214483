/** What a run of the real engine has left: the state of each scene, and the errors of resources. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ExportedResource, Run, Stack } from "../engine/stack.js";
import type { Held } from "./held.js";
import type { RunError, Scene } from "./scene.js";

interface Exported {
  deployment: {
    resources?: (ExportedResource & { pendingReplacement?: boolean; initErrors?: string[] })[];
    pending_operations?: { type: string; resource: { urn: string } }[];
  };
}

/** A tagged name, such as `a-7`, as the name and the tag. */
export function untag(tagged: string): { name: string; tag: string } {
  const at = tagged.lastIndexOf("-");
  return at < 0 ? { name: tagged, tag: "" } : { name: tagged.slice(0, at), tag: tagged.slice(at) };
}

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";

/** Gives each scene its part of the exported state. */
export function loadStates(scenes: ReadonlyMap<string, Scene>, { output }: { output: string }): void {
  const { deployment } = JSON.parse(output) as Exported;
  for (const scene of scenes.values())
    scene.state = { resources: new Map(), pendingDeletes: [], unfinished: 0 };
  for (const { type, resource } of deployment.pending_operations ?? []) {
    const state = scenes.get(untag(nameOf(resource.urn)).tag)?.state;
    // A create that was killed stays on the engine's list, with a warning, until `refresh --clear-pending-creates`.
    if (state && type !== "creating") state.unfinished = (state.unfinished ?? 0) + 1;
  }
  for (const resource of deployment.resources ?? []) {
    if (!resource.type.includes("datadog") || resource.pendingReplacement === true) continue;
    const { name, tag } = untag(nameOf(resource.urn));
    const state = scenes.get(tag)?.state;
    const held: Held = {
      id: resource.id ?? "",
      inputs: resource.inputs as unknown as Held["inputs"],
      outputs: resource.outputs as unknown as Held["outputs"],
      isPartial: (resource.initErrors ?? []).length > 0,
    };
    if (resource.delete === true) state?.pendingDeletes.push({ name, held });
    else state?.resources.set(name, held);
  }
}

interface DiagnosticEvent {
  diagnosticEvent?: { severity: string; message: string; urn?: string };
}

/** The errors of resources, from the newest event log; where there is none, what the CLI printed. */
export function readErrors(stack: Stack, { code, output }: Run): RunError[] {
  if (code === 0) return [];
  const logs = readdirSync(stack.folder).filter((name) => /^events-\d+\.json$/.test(name));
  const newest = logs.sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b))).at(-1);
  const lines = newest === undefined ? [] : readFileSync(path.join(stack.folder, newest), "utf8").split("\n");
  const errors = lines.filter(Boolean).flatMap((line) => {
    const { severity, message = "", urn = "" } = (JSON.parse(line) as DiagnosticEvent).diagnosticEvent ?? {};
    if (severity !== "error" || !urn.includes("datadog")) return [];
    // What was done in part gives its reasons in one message, each with its code at its end.
    const parts = message.matchAll(/(.*?)\[([a-z]+(?:-[a-z]+)+|unauthenticated|forbidden|redirected)\]/gs);
    return [...parts].map(([text, , reason = ""]) => ({
      resource: nameOf(urn),
      call: "run",
      code: reason,
      message: text,
    }));
  });
  return errors.length > 0 ? errors : [{ resource: "", call: "run", code: "other", message: output }];
}
