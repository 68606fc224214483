import { UNKNOWN } from "../../../core/src/connection/types.js";
import { parsePreview, parseState } from "../../../cli/src/stack/formats.js";
import { listProviderFacts } from "../../../cli/src/stack/pulumi-state.js";
import type { OrganizationDirectory } from "../../../cli/src/changes/organization-directory.js";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { createReview, type Review } from "../../../cli/src/commands/review/review.js";
import { formatChange } from "../../../cli/src/commands/review/sentences.js";

export { UNKNOWN };

// Minimal steps in the format of the engine. The golden reports of `review` test complete previews of the real engine.

const NAMES: Record<string, string> = { hub: "1", search: "2", security: "3", payments: "9" };
export const getId = (name: string): string => `00000000-0000-4000-8000-00000000000${NAMES[name] ?? "0"}`;
export const formatUrn = (name: string, kind = ""): string =>
  `urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection${kind}::${name}`;

type Values = Record<string, unknown>;
interface StateResource extends Values {
  type: string;
}

/** Creates a connection in a state. Its id contains its name. */
export function createSingle(
  name: string,
  sink: string,
  types: string,
  more: Values = {},
): StateResource & { urn: string; id: string; inputs: Values } {
  const inputs = { source: "payments", sinkOrgId: getId(sink), connectionTypes: types.split(", ") };
  const ends = { sourceOrgId: getId("payments"), sourceOrgName: "Payments", sinkOrgName: sink };
  return {
    urn: formatUrn(name),
    type: "pulumi-nodejs:dynamic/datadog:OrgConnection",
    id: `id-${name}`,
    inputs,
    outputs: { ...inputs, ...ends },
    ...more,
  };
}

/** Creates a set in a state, from types by destination. `undeclared` connections are live and not declared. */
export function createSet(
  connections: Record<string, string>,
  {
    undeclared = {},
    inputs = {},
    ...more
  }: { undeclared?: Record<string, string>; inputs?: Values } & Values = {},
): StateResource & { urn: string } {
  const splitTypes = (all: Record<string, string>) =>
    Object.fromEntries(Object.entries(all).map(([sink, types]) => [getId(sink), types.split(", ")]));
  const members = Object.keys(connections).map((sink) => [
    getId(sink),
    { id: `id-member-${sink}`, sinkOrgName: sink },
  ]);
  const own = { source: "payments", connections: splitTypes(connections), ...inputs };
  return {
    urn: formatUrn("all", "Set"),
    type: "pulumi-nodejs:dynamic/datadog:OrgConnectionSet",
    id: "set",
    inputs: own,
    outputs: {
      ...own,
      connections: splitTypes({ ...connections, ...undeclared }),
      members: Object.fromEntries(members) as Values,
      undeclared: Object.fromEntries(
        Object.keys(undeclared).map((sink) => [getId(sink), `id-undeclared-${sink}`]),
      ),
      sourceOrgId: getId("payments"),
      sourceOrgName: "Payments",
    },
    ...more,
  };
}

/** The step of the stack, which every preview has. */
const STACK_STEP = {
  op: "same",
  urn: "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev",
  oldState: { type: "pulumi:pulumi:Stack" },
  newState: { type: "pulumi:pulumi:Stack" },
};

/** A step that proves that the preview was created with `--show-replacement-steps`, so it shows leftovers. */
const REPLACEMENT_STEP = { op: "delete-replaced", urn: "urn:pulumi:dev::acme::other:index:Resource::other" };

type Resource = StateResource & { urn: string };

/** One step: `[op, old, new]`. */
export type StepTuple = [op: string, old: Resource | undefined, next?: Resource | undefined];

/** Creates the most frequent steps. */
export const step = {
  create: (next: Resource): StepTuple => ["create", undefined, next],
  update: (old: Resource, next: Resource): StepTuple => ["update", old, next],
  same: (state: Resource): StepTuple => ["same", state, state],
  delete: (old: Resource): StepTuple => ["delete", old],
  read: (old: Resource | undefined, next: Resource): StepTuple => ["read", old, next],
  /** Without `found`, the resource is gone. */
  refresh: (old: Resource, found?: Resource): StepTuple => ["refresh", old, found],
  replace: (old: Resource, next: Resource): StepTuple => ["replace", old, next],
  createReplacement: (old: Resource, next: Resource): StepTuple => ["create-replacement", old, next],
  deleteReplaced: (old: Resource): StepTuple => ["delete-replaced", old],
};

/** Reviews a preview with these steps and a state with these resources. Without a state, the preview shows leftovers. */
export function reviewSteps(
  steps: StepTuple[],
  {
    state,
    errors = [],
    notices = [],
    policy,
    directory,
    config = {},
  }: {
    state?: StateResource[];
    errors?: string[];
    notices?: string[];
    policy?: Policy;
    directory?: OrganizationDirectory;
    config?: Record<string, string>;
  } = {},
): Review {
  const preview = {
    config: {
      "datadog-org-connections:organizations": JSON.stringify({ payments: { id: getId("payments") } }),
      ...config,
    },
    steps: [
      STACK_STEP,
      ...(state ? [] : [REPLACEMENT_STEP]),
      ...steps.map(([op, oldState, newState]) => ({
        op,
        urn: (newState ?? oldState)?.urn ?? "",
        oldState,
        newState,
      })),
    ],
    diagnostics: [
      ...errors.map((message) => ({ severity: "error", message })),
      ...notices.map((message) => ({ severity: "info#err", message: `${message}\n` })),
    ],
  };
  return createReview({
    previews: [parsePreview(JSON.stringify(preview), "preview")],
    ...(state && {
      state: parseState({ deployment: { resources: state } }, "state"),
      stateProviders: listProviderFacts({ deployment: { resources: state } }),
    }),
    ...(policy && { policy }),
    ...(directory && { directory }),
  });
}

/** Formats the events of a preview as the engine writes them, with the event that ends it. */
export const formatEvents = (events: readonly object[]): string =>
  [...events, { summaryEvent: {} }]
    .map((event, sequence) => JSON.stringify({ sequence, ...event }))
    .join("\n");

/** Reviews a preview that consists of events. */
export const reviewEvents = (events: readonly object[]): Review =>
  createReview({ previews: [parsePreview(formatEvents(events), "preview")] });

/** The outcome of a review, and its sentence for each change. */
export const formatReview = (review: Review): [string, ...string[]] => [
  review.outcome,
  ...review.changes.map((change) => toPlainText(formatChange(change))),
];
