import { UNKNOWN } from "../../../core/src/connection/types.js";
import { parsePreview } from "../../../cli/src/stack/preview.js";
import { parseState } from "../../../cli/src/stack/state.js";
import type { Known } from "../../../cli/src/changes/known.js";
import { plain } from "../../../cli/src/changes/phrase.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { reviewOf, type Review } from "../../../cli/src/commands/review/review.js";
import { sentenceOf } from "../../../cli/src/commands/review/sentences.js";

export { UNKNOWN };

// Steps in the form of the engine, as short as can be. What the engine really says: the golden reports in test/review.

const NAMES: Record<string, string> = { hub: "1", search: "2", security: "3", payments: "9" };
export const idOf = (name: string): string => `00000000-0000-4000-8000-00000000000${NAMES[name] ?? "0"}`;
export const urnOf = (name: string, kind = ""): string =>
  `urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection${kind}::${name}`;

type Values = Record<string, unknown>;
interface State extends Values {
  type: string;
}

/** A connection in a state: its id is that of its name. */
export function single(
  name: string,
  sink: string,
  types: string,
  more: Values = {},
): State & { urn: string; id: string; inputs: Values } {
  const inputs = { source: "payments", sinkOrgId: idOf(sink), connectionTypes: types.split(", ") };
  const ends = { sourceOrgId: idOf("payments"), sourceOrgName: "Payments", sinkOrgName: sink };
  return {
    urn: urnOf(name),
    type: "pulumi-nodejs:dynamic/datadog:OrgConnection",
    id: `id-${name}`,
    inputs,
    outputs: { ...inputs, ...ends },
    ...more,
  };
}

/** A set in a state: `connections` are its types by destination, `strangers` are live and not declared. */
export function set(
  connections: Record<string, string>,
  {
    strangers = {},
    inputs = {},
    ...more
  }: { strangers?: Record<string, string>; inputs?: Values } & Values = {},
): State & { urn: string } {
  const typesOf = (all: Record<string, string>) =>
    Object.fromEntries(Object.entries(all).map(([sink, types]) => [idOf(sink), types.split(", ")]));
  const members = Object.keys(connections).map((sink) => [
    idOf(sink),
    { id: `id-member-${sink}`, sinkOrgName: sink },
  ]);
  const own = { source: "payments", connections: typesOf(connections), ...inputs };
  return {
    urn: urnOf("all", "Set"),
    type: "pulumi-nodejs:dynamic/datadog:OrgConnectionSet",
    id: "set",
    inputs: own,
    outputs: {
      ...own,
      connections: typesOf({ ...connections, ...strangers }),
      members: Object.fromEntries(members) as Values,
      strangers: Object.fromEntries(
        Object.keys(strangers).map((sink) => [idOf(sink), `id-stranger-${sink}`]),
      ),
      sourceOrgId: idOf("payments"),
      sourceOrgName: "Payments",
    },
    ...more,
  };
}

/** Every preview has one. */
const STACK_STEP = {
  op: "same",
  urn: "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev",
  oldState: { type: "pulumi:pulumi:Stack" },
  newState: { type: "pulumi:pulumi:Stack" },
};

/** One step: `[op, what was, what is wanted]`. */
export type StepOf = [
  op: string,
  old: (State & { urn: string }) | undefined,
  wanted?: State & { urn: string },
];

/** The review of a preview of these steps, by a state of these resources. */
export function reviewSteps(
  steps: StepOf[],
  {
    state,
    errors = [],
    says = [],
    policy,
    known,
  }: { state?: State[]; errors?: string[]; says?: string[]; policy?: Policy; known?: Known } = {},
): Review {
  const preview = {
    config: {
      "datadog-org-connections:organizations": JSON.stringify({ payments: { id: idOf("payments") } }),
    },
    steps: [
      STACK_STEP,
      ...steps.map(([op, oldState, newState]) => ({
        op,
        urn: (newState ?? oldState)?.urn ?? "",
        oldState,
        newState,
      })),
    ],
    diagnostics: [
      ...errors.map((message) => ({ severity: "error", message })),
      ...says.map((message) => ({ severity: "info#err", message: `${message}\n` })),
    ],
  };
  return reviewOf({
    preview: parsePreview(JSON.stringify(preview), "preview"),
    ...(state && { state: parseState({ deployment: { resources: state } }, "state") }),
    ...(policy && { policy }),
    ...(known && { known }),
  });
}

/** What a review says of each change, and what it comes to. */
export const told = (review: Review): [string, ...string[]] => [
  review.outcome,
  ...review.changes.map((change) => plain(sentenceOf(change))),
];
