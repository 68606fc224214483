import * as v from "valibot";
import { encodeText } from "../api/invisible.js";
import { isUuid } from "../api/uuid.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { UNKNOWN, type Failure } from "./types.js";

const DESTINATION = "the UUID of the destination organization, such as 4dee724d-0000-4000-8000-00d4f1a2b3c4";
const LIST = `must be a list of texts, such as ["logs", "metrics"].`;
const normalForm = (text: string) => text.trim().toLowerCase();

/** A string that is taken as it is. */
export const text = v.string("must be a text.");

/** A name of the stack's configuration. */
export const sourceName = v.pipe(
  text,
  v.check((name) => name.trim() !== "", "is empty. Leave it out for the default organization."),
);

/** A UUID, brought into lower case. */
export const sinkId = v.pipe(
  v.string(({ input }) =>
    input === undefined ? `is missing: ${DESTINATION}.` : `must be a text: ${DESTINATION}.`,
  ),
  v.check(
    (given) => isUuid(normalForm(given)),
    ({ input }) =>
      `is not a UUID: "${encodeText(input)}". It must be ${DESTINATION}; getOrganization({ name }) looks it up.`,
  ),
  v.transform(normalForm),
);

/** A set of types, brought into lower case and sorted. A list that is not known yet travels as the one placeholder. */
export const types = v.pipe(
  v.unknown(),
  v.transform((given) => (given === UNKNOWN ? [UNKNOWN] : given)),
  v.array(v.pipe(v.string(LIST), v.transform(normalForm), v.nonEmpty(LIST)), LIST),
  v.transform((given) => given.sort()),
  v.nonEmpty("is empty. Name at least one type, or leave it out to not manage the types."),
  v.check(
    (sorted) => repeatedIn(sorted) === undefined,
    ({ input }) => `names "${encodeText(repeatedIn(input) ?? "")}" twice.`,
  ),
);

const repeatedIn = (sorted: readonly string[]) =>
  sorted.find((type, at) => type !== UNKNOWN && type === sorted[at + 1]);

/** Yes or no. A value that comes from configuration may be a string; one that is not known yet comes as the placeholder. */
export const flag = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false", UNKNOWN])], "must be true or false."),
  v.transform((given) => given === true || given === "true" || given === UNKNOWN),
);

/** Raw inputs, parsed: what a resource goes by, unless one of its inputs is invalid; and what is wrong with each. */
export interface Parsed<T> {
  wanted: T | undefined;
  failures: Failure[];
}

/**
 * Parses the inputs of a resource. An input that the resource does not have is a failure, but the others are parsed all the
 * same: the state may hold what another version of this package has written.
 *
 * @param resource - how messages name the kind of resource
 */
export function parseInputs<Schema extends v.ObjectSchema<v.ObjectEntries, undefined>>(
  schema: Schema,
  raw: Readonly<Record<string, unknown>>,
  resource: string,
): Parsed<v.InferOutput<Schema>> {
  const names = Object.keys(schema.entries);
  // The engine has null for what is left out.
  const given = Object.entries(raw).filter(([, value]) => value != null);
  const failures = given
    // Two underscores: not the user's, such as the provider's line and the constructor's hint.
    .filter(([name]) => !names.includes(name) && !name.startsWith("__"))
    .map(([property]) => ({
      property,
      reason: `is no input of an ${resource}. Its inputs are ${names.join(", ")}.`,
    }));
  const required = names.filter((name) => schema.entries[name]?.type !== "optional");
  const absent = required.map((name) => [name, undefined] as const);
  const parsed = v.safeParse(schema, Object.fromEntries([...absent, ...given]), { abortPipeEarly: true });
  if (parsed.success) return { wanted: parsed.output, failures };
  // Each of several entries of a list may have the same problem.
  const problems = new Map(
    parsed.issues.map((issue) => {
      const problem = { property: propertyOf(issue), reason: issue.message };
      return [JSON.stringify(problem), problem] as const;
    }),
  );
  return { wanted: undefined, failures: [...failures, ...problems.values()] };
}

/** `connectionTypes`, or `connections["<uuid>"]`. */
function propertyOf({ path }: v.BaseIssue<unknown>): string {
  const [name, destination] = (path ?? []).map(({ key }) => String(key));
  return name === "connections" && destination !== undefined ? `${name}["${destination}"]` : (name ?? "");
}

/**
 * The inputs that check has accepted, as the engine passes them on.
 *
 * @throws `invalid-input` when they are not what check has written
 */
export function requireInputs<T>({ wanted, failures }: Parsed<T>): T {
  if (wanted !== undefined) return wanted;
  const reasons = failures.map(({ property, reason }) => `\`${property}\` ${reason}`);
  throw new OrgConnectionsError("invalid-input", reasons.join(" "));
}
