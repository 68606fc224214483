import * as v from "valibot";
import { KNOWN_TYPES } from "../api/connection-type.js";
import { encodeText } from "../api/escape-text.js";
import { isUuid } from "../api/uuid.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { UNKNOWN, type CheckFailure } from "./types.js";

const EXPECTED_UUID =
  "the UUID of the destination organization, such as 4dee724d-0000-4000-8000-00d4f1a2b3c4";
const NOT_A_LIST = `must be a list of strings, such as ["logs", "metrics"].`;
const normalize = (value: string) => value.trim().toLowerCase();

/** A string. It is not normalized. */
export const stringSchema = v.string("must be a string.");

/** The name of an organization in the stack's configuration or in environment variables. */
export const sourceSchema = v.pipe(
  stringSchema,
  v.check((name) => name.trim() !== "", "is empty. Omit it for the default organization."),
);

/** A UUID, trimmed and converted to lower case. */
export const sinkOrgIdSchema = v.pipe(
  v.string(({ input }) =>
    input === undefined ? `is missing. It must be ${EXPECTED_UUID}.` : `must be a string: ${EXPECTED_UUID}.`,
  ),
  v.check(
    (given) => isUuid(normalize(given)),
    ({ input }) =>
      `is not a UUID: "${encodeText(input)}". It must be ${EXPECTED_UUID}. Use the function getOrganization to find it.`,
  ),
  v.transform(normalize),
);

/**
 * The types in inputs that `check` has accepted or a read has returned. The list may be empty, because Datadog may return no types.
 * The types are trimmed, converted to lower case and sorted. If the whole list is unknown, the result is a list with only
 * {@link UNKNOWN}.
 */
export const savedTypesSchema = v.pipe(
  v.unknown(),
  v.transform((given) => (given === UNKNOWN ? [UNKNOWN] : given)),
  v.array(v.pipe(v.string(NOT_A_LIST), v.transform(normalize), v.nonEmpty(NOT_A_LIST)), NOT_A_LIST),
  v.transform((given) => given.sort()),
  v.check(
    (sorted) => findRepeatedType(sorted) === undefined,
    ({ input }) => `lists "${encodeText(findRepeatedType(input) ?? "")}" more than once.`,
  ),
);

/** The types that a program declares: like {@link savedTypesSchema}, but not empty. */
export const connectionTypesSchema = v.pipe(
  savedTypesSchema,
  v.nonEmpty(
    "is empty. List at least one type. Only an OrgConnection may omit its types: Datadog then chooses them.",
  ),
);

const findRepeatedType = (sorted: readonly string[]) =>
  sorted.find((type, at) => type !== UNKNOWN && type === sorted[at + 1]);

/** A boolean. A value from the configuration may be a string. An unknown value counts as true until it is known. */
export const booleanSchema = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false", UNKNOWN])], "must be true or false."),
  v.transform((given) => given === true || given === "true" || given === UNKNOWN),
);

/** The result of parsing inputs. */
export interface ParsedInputs<T> {
  /** The parsed inputs. Undefined if a required input is missing or an input is invalid. Omits unsupported inputs. */
  inputs: T | undefined;
  /** The problems that were found. A value can have further problems, which are not reported. */
  failures: CheckFailure[];
}

/**
 * Parses the inputs of a resource. An input that the resource does not have is a failure, but the other inputs are still parsed.
 * So the caller can ignore such a failure for the inputs in a state, which another version of this package may have written.
 *
 * @param resource - the kind of resource, for messages
 */
export function parseResourceInputs<Schema extends v.ObjectSchema<v.ObjectEntries, undefined>>(
  schema: Schema,
  raw: Readonly<Record<string, unknown>>,
  resource: string,
): ParsedInputs<v.InferOutput<Schema>> {
  const names = Object.keys(schema.entries);
  // The engine passes null for an omitted input.
  const given = Object.entries(raw).filter(([, value]) => value != null);
  const failures = given
    // Names that start with two underscores are internal, such as `__provider`.
    .filter(([name]) => !names.includes(name) && !name.startsWith("__"))
    .map(([property]) => ({
      property,
      reason: `is not an input of an ${resource}. Its inputs are ${names.join(", ")}.`,
    }));
  const required = names.filter((name) => schema.entries[name]?.type !== "optional");
  // For an absent key, valibot would report its default message instead of the one in the schema.
  const absent = required.map((name) => [name, undefined] as const);
  const parsed = v.safeParse(schema, Object.fromEntries([...absent, ...given]), { abortPipeEarly: true });
  if (parsed.success) return { inputs: parsed.output, failures };
  // Several entries of a list may have the same problem.
  const problems = new Map(
    parsed.issues.map((issue) => {
      const problem = { property: formatProperty(issue), reason: issue.message };
      return [JSON.stringify(problem), problem] as const;
    }),
  );
  return { inputs: undefined, failures: [...failures, ...problems.values()] };
}

/** Formats the path of an issue: `connectionTypes`, or `connections["<uuid>"]`. */
function formatProperty({ path }: v.BaseIssue<unknown>): string {
  const [name, destination] = (path ?? []).map(({ key }) => String(key));
  return name === "connections" && destination !== undefined ? `${name}["${destination}"]` : (name ?? "");
}

/**
 * Adds the error code to the failures of {@link parseResourceInputs}. Check returns the failures instead of throwing an error with
 * a code.
 */
export const addErrorCode = (failures: readonly CheckFailure[]): CheckFailure[] =>
  failures.map(({ property, reason }) => ({ property, reason: `${reason} [invalid-input]` }));

/**
 * Returns the parsed inputs, which `check` has accepted or a read has returned. Ignores unsupported inputs.
 *
 * @throws `invalid-input` if a required input is missing or an input is invalid
 */
export function requireInputs<T>({ inputs, failures }: ParsedInputs<T>): T {
  if (inputs !== undefined) return inputs;
  const reasons = failures.map(({ property, reason }) => `\`${property}\` ${reason}`);
  throw new OrgConnectionsError("invalid-input", reasons.join(" "));
}

/** Parses a list of types. Returns undefined if the value is not valid for `connectionTypes`. */
export function parseTypes(value: unknown): string[] | undefined {
  const parsed = v.safeParse(connectionTypesSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/** Returns the types that are not in {@link KNOWN_TYPES}. Omits types that a preview does not know yet. */
export function findUnfamiliarTypes(declared: readonly string[] = []): string[] {
  return declared.filter((type) => type !== UNKNOWN && KNOWN_TYPES.every((known) => known !== type));
}

/**
 * Formats the warning about types that are not in {@link KNOWN_TYPES}. Returns undefined if there are none.
 *
 * @param property - the input that contains them, as the warning names it
 */
export function formatUnfamiliarTypes(
  property: string,
  declared: readonly string[] | undefined,
): string | undefined {
  const unfamiliar = findUnfamiliarTypes(declared);
  if (unfamiliar.length === 0) return undefined;
  return (
    `${property}: this version of the provider does not know ${unfamiliar.join(", ")} (it knows ${KNOWN_TYPES.join(", ")}). ` +
    `Check the spelling. Datadog decides which types it accepts.`
  );
}

/** Whether two sorted lists of types are equal. */
export function hasSameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry === b[at]);
}
