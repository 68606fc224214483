/** Random cases: a deployed program, what people and its author changed since, and how it is previewed. */
import fc from "fast-check";
import { initialMoves, drift, program, createSometimes } from "../histories/arbitraries.js";
import { omitSourceMoves, PROVIDER_NAMES, type ProgramProvider } from "./program-provider.js";
import type { DriftMove, ProgramMove } from "../histories/moves.js";

/**
 * The formats of a preview: `digest` is `pulumi preview --json`, `details` adds `--show-replacement-steps --show-sames`, and
 * `events` is the format of PULUMI_ENABLE_STREAMING_JSON_PREVIEW.
 */
const FORMATS = ["digest", "details", "events"] as const;
export type PreviewFormat = (typeof FORMATS)[number];

/** A value that the preview does not print: it becomes known only during the `up`, or it is a secret. */
export interface HiddenValue {
  how: "unknown" | "secret";
  /** The index of the declared resource. */
  at: number;
  /** `ends`: the destination of a single connection, or all connections of a set. */
  what: "source" | "ends" | "types";
}

/** One case. Indexes are taken modulo the count of existing items. */
export interface Case {
  /** Connections of other people that exist before the stack. */
  others: DriftMove[];
  /** The program that the first `up` applies. */
  program: ProgramMove[];
  /** Resources that `@pulumi/datadog` manages after the first `up`. An alias of the same name moves them. */
  official: number[];
  drift: DriftMove[];
  changes: ProgramMove[];
  /** Both the preview and the `up` run with `--refresh`. */
  refresh: boolean;
  format: PreviewFormat;
  /** `review --state`: the exported state. */
  withState: boolean;
  /** `review --lookup`. */
  lookup: boolean;
  /** DATADOG_ORG_CONNECTIONS_ADOPT=true in the preview and in the `up`. */
  adoptAll: boolean;
  parallel: boolean;
  /** `--replace` of this declared resource. */
  replace: number | undefined;
  hidden: HiddenValue | undefined;
  /** `datadog-org-connections:checks: offline`: the preview checks no pair. */
  offline: boolean;
  /** The state has the old object of an interrupted replacement of this single connection. */
  leftover: number | undefined;
  /** An alias turns this removed resource into one of another type, which the engine replaces. */
  foreign: number | undefined;
  /** The program's provider. The resources of its organization are those of the plugin. */
  provider: ProgramProvider | undefined;
}

const index = fc.nat({ max: 11 });
const createOneIn = (count: number) => fc.nat({ max: count - 1 }).map((number) => number === count - 1);

const hidden: fc.Arbitrary<HiddenValue> = fc.record({
  how: fc.constantFrom("unknown" as const, "secret" as const),
  at: index,
  what: fc.constantFrom("source" as const, "ends" as const, "types" as const),
});

const connectMoves = drift.filter(({ kind }) => kind === "connect");

const provider: fc.Arbitrary<ProgramProvider> = fc.record({
  name: fc.constantFrom(...PROVIDER_NAMES),
  before: fc.constant("search" as const),
  // `search` is unchanged.
  after: fc.constantFrom("search" as const, "checkout" as const),
  offline: createOneIn(3),
  hasKeys: fc.boolean(),
});

const anyCase: fc.Arbitrary<Case> = fc.record({
  others: fc.array(connectMoves, { maxLength: 2 }),
  program: initialMoves,
  official: fc.oneof(fc.constant<number[]>([]), fc.array(index, { minLength: 1, maxLength: 3 })),
  drift: fc.oneof(fc.constant<DriftMove[]>([]), fc.array(drift, { minLength: 1, maxLength: 3 })),
  changes: fc.array(program, { maxLength: 4 }),
  refresh: fc.boolean(),
  format: fc.constantFrom(...FORMATS),
  withState: fc.boolean(),
  lookup: createOneIn(3),
  adoptAll: createOneIn(10),
  parallel: fc.boolean(),
  replace: createSometimes(index, 8),
  hidden: createSometimes(hidden, 6),
  offline: createOneIn(6),
  leftover: createSometimes(index, 6),
  foreign: createSometimes(index, 4),
  provider: createSometimes(provider, 4),
});

/** Without checks, no notice shows that every create of a run adopts, so no report can know it. */
export const cases = anyCase.map((one) => ({
  ...one,
  adoptAll: one.adoptAll && !one.offline && !one.provider?.offline,
  ...(one.provider && {
    changes: omitSourceMoves(one.changes),
    official: [],
    hidden: undefined,
    // The provider has settings of its own.
    offline: false,
  }),
}));

/** The same cases without what the real engine gets in other ways. */
export const engineCases: fc.Arbitrary<Case> = cases.map((one) => ({
  ...one,
  hidden: undefined,
  offline: false,
  leftover: undefined,
  foreign: undefined,
  provider: undefined,
}));
