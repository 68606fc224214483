/** Random cases: a program that was put up, what people and its author changed since, and how it is previewed. */
import fc from "fast-check";
import { beginning, drift, program, sometimes } from "../histories/arbitraries.js";
import type { DriftMove, ProgramMove } from "../histories/moves.js";

/**
 * What a preview can print: `digest` is `pulumi preview --json`; `details` adds `--show-replacement-steps --show-sames`;
 * `events` is the form of PULUMI_ENABLE_STREAMING_JSON_PREVIEW.
 */
const FORMS = ["digest", "details", "events"] as const;
export type Form = (typeof FORMS)[number];

/** A value that the preview does not print: it is known only in the `up`, or it is a secret. */
export interface Hidden {
  how: "unknown" | "secret";
  /** The declared resource, by its number. */
  at: number;
  /** `ends`: the destination of a single connection, all connections of a set. */
  what: "source" | "ends" | "types";
}

/** One case. Numbers are taken modulo what there is. */
export interface Case {
  /** Connections of other people that exist before the stack does. */
  others: DriftMove[];
  /** The program that the first `up` applies. */
  program: ProgramMove[];
  drift: DriftMove[];
  changes: ProgramMove[];
  /** Both the preview and the `up` have `--refresh`. */
  refresh: boolean;
  form: Form;
  /** `review --state`: the exported state. */
  withState: boolean;
  /** `review --lookup`. */
  lookup: boolean;
  /** DATADOG_ORG_CONNECTIONS_ADOPT=true in the preview and in the `up`. */
  adoptAll: boolean;
  parallel: boolean;
  /** `--replace` of this declared resource. */
  replace: number | undefined;
  hidden: Hidden | undefined;
}

const index = fc.nat({ max: 11 });
const oneIn = (count: number) => fc.nat({ max: count - 1 }).map((number) => number === count - 1);

const hidden: fc.Arbitrary<Hidden> = fc.record({
  how: fc.constantFrom("unknown" as const, "secret" as const),
  at: index,
  what: fc.constantFrom("source" as const, "ends" as const, "types" as const),
});

const connects = drift.filter(({ kind }) => kind === "connect");

export const cases: fc.Arbitrary<Case> = fc.record({
  others: fc.array(connects, { maxLength: 2 }),
  program: beginning,
  drift: fc.oneof(fc.constant<DriftMove[]>([]), fc.array(drift, { minLength: 1, maxLength: 3 })),
  changes: fc.array(program, { maxLength: 4 }),
  refresh: fc.boolean(),
  form: fc.constantFrom(...FORMS),
  withState: fc.boolean(),
  lookup: oneIn(3),
  adoptAll: oneIn(10),
  parallel: fc.boolean(),
  replace: sometimes(index, 8),
  hidden: sometimes(hidden, 6),
});

/** The same without what the real engine gets in other ways: values that are not known before the `up`. */
export const engineCases: fc.Arbitrary<Case> = cases.map((one) => ({ ...one, hidden: undefined }));
