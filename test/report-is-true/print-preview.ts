/** Prints the steps of a preview as `pulumi preview --json` does (pulumi/pulumi, pkg/backend/display/json.go). */
import type { StackState } from "../histories/scenario.js";
import type { PreviewFormat } from "./case.js";
import { addProvider, type ProgramProvider } from "./program-provider.js";
import { maskSecret, type HiddenProperty } from "./hidden-property.js";
import { toResource, ROOT_URN, type EngineStep, type StepResource } from "./engine-steps.js";

/** The result of a preview. */
export interface PrintablePreview {
  steps: readonly EngineStep[];
  config: Readonly<Record<string, string>>;
  diagnostics: readonly { severity: string; message: string }[];
  hidden: HiddenProperty | undefined;
}

/** The stack itself, which every preview shows. */
const ROOT: StepResource = {
  name: "engine-test-dev",
  type: "pulumi:pulumi:Stack",
  urn: ROOT_URN,
  inputs: {},
};

const rootStep: EngineStep = { op: "same", name: ROOT.name, urn: ROOT.urn, old: ROOT, new: ROOT };
const rootRefresh: EngineStep = { ...rootStep, op: "refresh", found: ROOT };

/** Adds the steps of the stack. A refresh includes it, and the engine runs the program after the refresh. */
function addRoot(steps: readonly EngineStep[]): EngineStep[] {
  const refreshes = steps.filter(({ op }) => op === "refresh");
  const others = steps.filter(({ op }) => op !== "refresh");
  return [...(refreshes.length > 0 ? [rootRefresh, ...refreshes] : []), rootStep, ...others];
}

/** Steps that are shown only with a flag. */
const REPLACEMENT_STEPS = ["create-replacement", "delete-replaced"];

/** Prints the preview in a format. */
export function printPreview(previewed: PrintablePreview, format: PreviewFormat): string {
  return format === "events" ? printEvents(previewed) : printDigest(previewed, format === "details");
}

function printDigest({ steps, config, diagnostics, hidden }: PrintablePreview, isDetailed: boolean): string {
  const shown = addRoot(steps).filter(
    (one) => isDetailed || one === rootStep || (one.op !== "same" && !REPLACEMENT_STEPS.includes(one.op)),
  );
  return JSON.stringify({
    config,
    steps: shown.map(({ op, urn, old, new: next }) => ({
      op,
      urn,
      ...(old && { oldState: printResource(old, hidden, "preview") }),
      ...(next && { newState: printResource(next, hidden, "preview") }),
      ...(op === "replace" && { replaceReasons: ["sinkOrgId"] }),
      detailedDiff: null,
    })),
    ...(diagnostics.length > 0 && { diagnostics }),
    duration: 1,
    changeSummary: {},
  });
}

/** Prints one event per line. Each step has two events; the second one shows what a refresh found. */
function printEvents({ steps, config, diagnostics, hidden }: PrintablePreview): string {
  const printSide = (one: StepResource | undefined) => {
    if (!one) return undefined;
    // Events have no such mark, and JSON leaves out `undefined`.
    return { ...printResource(one, hidden, "preview"), pendingReplacement: undefined };
  };
  const createMetadata = ({ op, urn, old, new: next }: EngineStep) => ({
    op,
    urn,
    type: (next ?? old)?.type,
    old: printSide(old),
    new: printSide(next),
  });
  const events = [
    { preludeEvent: { config } },
    ...addRoot(steps).flatMap((one) => {
      const after = one.found === "gone" ? { ...one, new: undefined } : { ...one, new: one.found ?? one.new };
      const { new: next, ...rest } = after;
      return [
        { resourcePreEvent: { metadata: createMetadata(one), planning: true } },
        {
          resOutputsEvent: { metadata: createMetadata(next ? { ...rest, new: next } : rest), planning: true },
        },
      ];
    }),
    ...diagnostics.map((one) => ({ diagnosticEvent: one })),
    { summaryEvent: { resourceChanges: {} } },
  ];
  return events.map((event, sequence) => JSON.stringify({ sequence, timestamp: 0, ...event })).join("\n");
}

/** Prints the state like `pulumi stack export`. */
export function printState(
  state: StackState,
  hidden: HiddenProperty | undefined,
  provider: ProgramProvider | undefined,
): string {
  const own = [
    ...[...state.resources].map(([name, saved]) => toResource(name, saved)),
    ...state.pendingDeletes.map(({ name, saved }): StepResource => ({
      ...toResource(name, saved),
      delete: true,
    })),
  ];
  const resources = [ROOT, ...addProvider(own, provider)];
  return JSON.stringify({
    version: 3,
    deployment: { resources: resources.map((one) => printResource(one, hidden, "state")) },
  });
}

function printResource(
  { name, ...rest }: StepResource,
  hidden: HiddenProperty | undefined,
  where: "preview" | "state",
) {
  return {
    ...rest,
    custom: true,
    inputs: maskSecret(hidden, name, rest.inputs, where),
    ...(rest.outputs && { outputs: maskSecret(hidden, name, rest.outputs, where) }),
  };
}
