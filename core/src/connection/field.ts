import * as v from "valibot";
import { booleanSchema, stringSchema } from "./inputs.js";
import { UNKNOWN } from "./types.js";

/** One change of one property. */
export interface ChangeDetail {
  /** The property, with its keys and indexes: `["connections", "4dee724d-…", 0]`. */
  path: readonly (string | number)[];
  kind: "add" | "delete" | "update";
  /** Whether the change requires a replacement of the resource. */
  requiresReplacement?: boolean;
}

/** Lists the change of one value, or nothing if it is unchanged. An undefined value is absent. */
export function listValueChange(path: ChangeDetail["path"], before: unknown, after: unknown): ChangeDetail[] {
  if (before === after) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  return [{ path, kind: after === undefined ? "delete" : "update" }];
}

/**
 * Lists the changes between two sorted lists of types. A deleted type has its index in `before`, and an added type has its index in
 * `after`. A deleted and an added type with the same index are one update, because a path can have only one change.
 */
export function listTypeChanges(
  path: ChangeDetail["path"],
  before: readonly string[],
  after: readonly string[],
): ChangeDetail[] {
  // If one type is unknown, all indexes are unknown, because the list is sorted.
  if ([...before, ...after].includes(UNKNOWN)) return [{ path, kind: "update" }];
  const deleted = new Set(before.flatMap((type, at) => (after.includes(type) ? [] : [at])));
  const added = new Set(after.flatMap((type, at) => (before.includes(type) ? [] : [at])));
  return [...new Set([...deleted, ...added])].map((at) => ({
    path: [...path, at],
    kind: deleted.has(at) ? (added.has(at) ? "update" : "delete") : "add",
  }));
}

/**
 * Marks the changes of properties in `replaces`, and lists them first. Adds a change for a property that has none, because `diff` may
 * name an unchanged property as the cause of a replacement.
 *
 * @param replaces - the names of the properties that require a replacement
 */
export function markReplacements(
  details: readonly ChangeDetail[],
  replaces: readonly string[],
): ChangeDetail[] {
  const listDetails = (name: string) => details.filter(({ path }) => path[0] === name);
  const unchanged = replaces.filter((name) => listDetails(name).length === 0);
  return [
    ...replaces.flatMap((name) =>
      listDetails(name).map((detail) => ({ ...detail, requiresReplacement: true })),
    ),
    ...details.filter(({ path }) => !replaces.includes(String(path[0]))),
    ...unchanged.map((name): ChangeDetail => ({ path: [name], kind: "update", requiresReplacement: true })),
  ];
}

/** A property that a program sets. The state contains it too, because read and delete receive only the state. */
interface InputField<Value, StateValue, Olds, News, Context> {
  /** The value in a program. */
  input: v.GenericSchema<unknown, Value>;
  /** The value in inputs that `check` has accepted or a read has returned. */
  savedInput: v.GenericSchema<unknown, Value>;
  state: v.GenericSchema<unknown, StateValue>;
  /** How the value compares with the state. @default a single value, which is equal or not */
  comparison?: Comparison<Olds, News, Context>;
  /** What a single value is. The command line shows its changes. */
  single?: "text" | "flag";
  /** Whether a change of the value needs no request. */
  isStateOnly?: true;
  /** Whether an update keeps the value. */
  isStable?: true;
}

/** A property that only the state has. */
interface OutputField<StateValue> {
  input?: never;
  state: v.GenericSchema<unknown, StateValue>;
  isStable?: true;
}

/** Compares an input that is more than a single value. */
interface Comparison<Olds, News, Context> {
  hasChanged(olds: Olds, news: News): boolean;
  /** @param context - what `diff` has found out about the change */
  explain(olds: Olds, news: News, context: Context): ChangeDetail[];
}

/**
 * A row for each property of a resource. A missing row, or an input without its schemas, does not compile. All code that handles every
 * property iterates over the table of the resource (`fields.ts`): check, diff, the explanation of a diff, the state and its parsing, the
 * hosts, and the command line.
 */
export type FieldTable<Inputs, State, News = Inputs, Context = unknown> = {
  readonly [Name in keyof State]-?: Name extends keyof Inputs
    ? InputField<Inputs[Name], State[Name], State, News, Context>
    : OutputField<State[Name]>;
};

export const optionalString = v.optional(v.string());
export const optionalBoolean = v.optional(v.boolean());

/** An optional string of the program. */
export const text = {
  input: v.optional(stringSchema),
  savedInput: v.optional(stringSchema),
  state: optionalString,
  single: "text",
} as const;

/** An optional boolean of the program. */
export const flag = {
  input: v.optional(booleanSchema),
  savedInput: v.optional(booleanSchema),
  state: optionalBoolean,
  single: "flag",
} as const;

type Rows = Readonly<
  Record<string, { input?: v.GenericSchema; savedInput?: v.GenericSchema; state: v.GenericSchema }>
>;
type InputName<R extends Rows> = {
  [Name in keyof R]: R[Name] extends { input: v.GenericSchema } ? Name : never;
}[keyof R];
type Form = "input" | "savedInput" | "state";

/** Lists the inputs in the order of the table. */
export function listInputs<R extends Rows>(rows: R): InputName<R>[];
export function listInputs(rows: Rows): string[] {
  return Object.keys(rows).filter((name) => rows[name]?.input !== undefined);
}

/** Selects the schemas of one form, for `v.object`. Outputs have no schema as an input. */
export function selectSchemas<R extends Rows, F extends Form>(
  rows: R,
  form: F,
): { [Name in F extends "state" ? keyof R : InputName<R>]: Extract<R[Name][F], v.GenericSchema> };
export function selectSchemas(rows: Rows, form: Form): object {
  return Object.fromEntries(
    Object.entries(rows).flatMap(([name, row]) => (row[form] === undefined ? [] : [[name, row[form]]])),
  );
}

/** Lists the properties of a state. */
export function listProperties<R extends Rows>(rows: R): (keyof R & string)[];
export function listProperties(rows: Rows): string[] {
  return Object.keys(rows);
}

/** Lists the inputs that are single values of one kind. */
export function listSingleValues<R extends Rows, Kind extends "text" | "flag">(
  rows: R,
  kind: Kind,
): { [Name in keyof R]: R[Name] extends { single: Kind } ? Name : never }[keyof R][];
export function listSingleValues(
  rows: Readonly<Record<string, { single?: string }>>,
  kind: string,
): string[] {
  return Object.keys(rows).filter((name) => rows[name]?.single === kind);
}

/** Lists the properties that an update keeps. */
export const listStable = (rows: Readonly<Record<string, Rows[string] & { isStable?: true }>>): string[] =>
  Object.keys(rows).filter((name) => rows[name]?.isStable === true);

/** Selects properties by name. */
export function pick<T extends object, Name extends keyof T>(
  values: T,
  names: readonly Name[],
): Pick<T, Name>;
export function pick(values: object, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, getValue(values, name)]));
}

type ComparedRows<Olds, News, Context> = Readonly<
  Record<string, Rows[string] & { comparison?: Comparison<Olds, News, Context>; isStateOnly?: true }>
>;

const getValue = (values: object, name: string): unknown => Reflect.get(values, name);

const listComparedInputs = <Olds, News, Context>(rows: ComparedRows<Olds, News, Context>) =>
  Object.entries(rows).filter(([, { input }]) => input !== undefined);

/** Whether an input differs from the state. */
export const hasChangedInputs = <Olds extends object, News extends object>(
  rows: ComparedRows<Olds, News, never>,
  olds: Olds,
  news: News,
): boolean =>
  listComparedInputs(rows).some(([name, { comparison }]) =>
    comparison ? comparison.hasChanged(olds, news) : getValue(olds, name) !== getValue(news, name),
  );

/** Lists the differences between the state and the inputs, in the order of the table. */
export const listInputChanges = <Olds extends object, News extends object, Context>(
  rows: ComparedRows<Olds, News, Context>,
  olds: Olds,
  news: News,
  context: Context,
): ChangeDetail[] =>
  listComparedInputs(rows).flatMap(([name, { comparison }]) =>
    comparison
      ? comparison.explain(olds, news, context)
      : listValueChange([name], getValue(olds, name), getValue(news, name)),
  );

/** Whether two sets of inputs differ at most in inputs whose change needs no request. */
export const isStateOnlyChange = <Inputs extends object>(
  rows: ComparedRows<never, never, never>,
  before: Inputs,
  inputs: Inputs,
): boolean =>
  listComparedInputs(rows).every(
    ([name, { isStateOnly }]) =>
      isStateOnly === true ||
      JSON.stringify(getValue(before, name)) === JSON.stringify(getValue(inputs, name)),
  );
