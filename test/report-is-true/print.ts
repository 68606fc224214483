/** Prints the steps of a preview as `pulumi preview --json` does (pulumi/pulumi, pkg/backend/display/json.go). */
import type { State } from "../histories/scene.js";
import type { Form } from "./case.js";
import { maskSecret, type HiddenProperty } from "./hide.js";
import { resourceOf, urnOf, type EngineStep, type Resource } from "./steps.js";

/** All that a preview came to. */
export interface Previewed {
  steps: readonly EngineStep[];
  config: Readonly<Record<string, string>>;
  diagnostics: readonly { severity: string; message: string }[];
  hidden: HiddenProperty | undefined;
}

/** Always there, and shown even where nothing else that is the same is. */
const ROOT: Resource = {
  name: "engine-test-dev",
  type: "pulumi:pulumi:Stack",
  urn: urnOf("pulumi:pulumi:Stack", "engine-test-dev"),
  inputs: {},
};

const rootStep: EngineStep = { op: "same", name: ROOT.name, urn: ROOT.urn, old: ROOT, new: ROOT };

/** Steps that are shown only on request. */
const REPLACEMENT_STEPS = ["create-replacement", "delete-replaced"];

/** The text of the preview, in the form asked for. */
export function printPreview(previewed: Previewed, form: Form): string {
  return form === "events" ? printEvents(previewed) : printDigest(previewed, form === "details");
}

function printDigest({ steps, config, diagnostics, hidden }: Previewed, isDetailed: boolean): string {
  const shown = steps.filter(({ op }) => isDetailed || (op !== "same" && !REPLACEMENT_STEPS.includes(op)));
  return JSON.stringify({
    config,
    steps: [rootStep, ...shown].map(({ op, urn, old, new: wanted }) => ({
      op,
      urn,
      ...(old && { oldState: printed(old, hidden, "preview") }),
      ...(wanted && { newState: printed(wanted, hidden, "preview") }),
      ...(op === "replace" && { replaceReasons: ["sinkOrgId"] }),
      detailedDiff: null,
    })),
    ...(diagnostics.length > 0 && { diagnostics }),
    duration: 1,
    changeSummary: {},
  });
}

/** One event a line: two for each step, of which the second shows what a refresh found. */
function printEvents({ steps, config, diagnostics, hidden }: Previewed): string {
  const state = (one: Resource | undefined) => {
    if (!one) return undefined;
    // JSON leaves it out: events have no such mark.
    return { ...printed(one, hidden, "preview"), pendingReplacement: undefined };
  };
  const metadata = ({ op, urn, old, new: wanted }: EngineStep) => ({
    op,
    urn,
    type: (wanted ?? old)?.type,
    old: state(old),
    new: state(wanted),
  });
  const events = [
    { preludeEvent: { config } },
    ...[rootStep, ...steps].flatMap((one) => {
      const after = one.found === "gone" ? { ...one, new: undefined } : { ...one, new: one.found ?? one.new };
      const { new: wanted, ...rest } = after;
      return [
        { resourcePreEvent: { metadata: metadata(one), planning: true } },
        { resOutputsEvent: { metadata: metadata(wanted ? { ...rest, new: wanted } : rest), planning: true } },
      ];
    }),
    ...diagnostics.map((one) => ({ diagnosticEvent: one })),
    { summaryEvent: { resourceChanges: {} } },
  ];
  return events.map((event, sequence) => JSON.stringify({ sequence, timestamp: 0, ...event })).join("\n");
}

/** What `pulumi stack export` prints. */
export function printState(state: State, hidden: HiddenProperty | undefined): string {
  const resources = [
    ROOT,
    ...[...state.resources].map(([name, held]) => resourceOf(name, held)),
    ...state.pendingDeletes.map(({ name, held }): Resource => ({ ...resourceOf(name, held), delete: true })),
  ];
  return JSON.stringify({
    version: 3,
    deployment: { resources: resources.map((one) => printed(one, hidden, "state")) },
  });
}

function printed(
  { name, ...rest }: Resource,
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
