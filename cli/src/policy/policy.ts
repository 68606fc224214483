import * as v from "valibot";
import { isObject } from "datadog-org-connections-core/text/data.js";

/** The names of the rules in a policy file. */
export const ruleNames = ["allow", "reason", "maxDestinations", "protect"] as const;
export type RuleName = (typeof ruleNames)[number];

const mustBeString = "must be a string";
const mustBeList = "must be a list";
const name = v.pipe(v.string(mustBeString), v.regex(/\S/, "must not be empty"));
const names = v.pipe(
  v.union(
    [name, v.pipe(v.array(name), v.minLength(1, "must not be empty"))],
    "must be a string or a list of strings",
  ),
  v.description(
    "Organizations, by UUID or by name in Datadog. A source also matches by its name in the settings, if the program refers to it " +
      "by this name. A UUID is never compared with a name. In a name, * matches any text, and case is ignored. Default: all organizations.",
  ),
);
const types = v.pipe(
  v.array(
    v.pipe(v.string(mustBeString), v.regex(/^[a-z0-9_-]+$/, "must be a type in lower case, such as logs")),
    mustBeList,
  ),
  v.minLength(1, "must not be empty"),
  v.description("Connection types: logs, metrics, audit, and any that Datadog adds."),
);
const pattern = v.pipe(
  v.string(mustBeString),
  v.check(isRegularExpression, "must be a regular expression"),
  v.description(
    "A regular expression (ECMAScript). Use ^ and $ to match the whole reason. A reason that cannot be compared within half a second does not match.",
  ),
);
const max = v.pipe(
  v.number("must be a number"),
  v.integer("must be a whole number"),
  v.minValue(0, "must not be negative"),
);
const entry = { source: v.optional(names), sink: v.optional(names), types: v.optional(types) };

/** The schema of a policy file. Unknown fields are refused, since a misspelled rule would have no effect. */
export const policySchema = v.strictObject({
  $schema: v.optional(v.string(mustBeString)),
  allow: v.pipe(
    v.optional(v.array(v.strictObject(entry), mustBeList)),
    v.description(
      "Who may share what with whom: each type that a destination newly receives, or that an adopted or new connection " +
        "shares, must be allowed by an entry. An empty list allows nothing.",
    ),
  ),
  reason: v.pipe(
    v.optional(v.array(v.strictObject({ ...entry, pattern: v.optional(pattern) }), mustBeList)),
    v.description(
      "Connections of these types (default: audit) need a reason. If there is a pattern, the reason must match it.",
    ),
  ),
  maxDestinations: v.pipe(
    v.optional(v.array(v.strictObject({ source: v.optional(names), max }), mustBeList)),
    v.description("The maximum count of destinations for each of these sources."),
  ),
  protect: v.pipe(
    v.optional(v.array(v.strictObject({ source: v.optional(names), sink: v.optional(names) }), mustBeList)),
    v.description("Connections from these sources to these destinations need the resource option protect."),
  ),
  warnOnly: v.pipe(
    v.optional(v.array(v.picklist(ruleNames, `must be one of ${ruleNames.join(", ")}`), mustBeList)),
    v.description("Rules whose violations are only reported and do not set the exit code."),
  ),
});

/** The rules that a review checks. */
export type Policy = v.InferOutput<typeof policySchema>;

/**
 * Parses a policy.
 *
 * @param policy - the parsed JSON
 * @param file - the file's name in messages
 * @throws an error that names invalid places in the file and what is wrong there
 */
export function parsePolicy(policy: unknown, file: string): Policy {
  const parsed = v.safeParse(policySchema, policy);
  const emptyArrays = findEmptyArrays(policy);
  if (parsed.success && !Array.isArray(policy) && emptyArrays.length === 0) return parsed.output;
  const problems = [...listProblems(policy), ...emptyArrays.map((path) => `\`${path}\` must be an object`)];
  const what = problems.length === 0 ? "it must be an object of rules" : problems.join("; ");
  throw new Error(
    `${file} is not a policy: ${what}. See policy.schema.json in the package datadog-org-connections.`,
  );
}

/** The maximum count of unknown fields that are listed for one object. */
const MAX_UNKNOWN_FIELDS = 20;

/**
 * Lists what does not match the schema. Valibot reports only the first unknown field of each object. So the reported fields are
 * removed from a copy, and the copy is checked again, up to {@link MAX_UNKNOWN_FIELDS} times.
 */
function listProblems(policy: unknown): string[] {
  const copy: unknown = structuredClone(policy);
  const problems = new Set<string>();
  for (let round = 0; round < MAX_UNKNOWN_FIELDS; round++) {
    const issues = v.safeParse(policySchema, copy).issues ?? [];
    for (const issue of issues) problems.add(formatProblem(issue));
    const unknownFields = issues.filter(isUnknownField);
    if (unknownFields.length === 0) break;
    for (const { path } of unknownFields) {
      const field = path?.at(-1);
      if (field) Reflect.deleteProperty(field.input as object, field.key as string);
    }
  }
  return [...problems];
}

/** Whether valibot reports a field that the schema does not have. */
const isUnknownField = ({ kind, type, expected }: v.BaseIssue<unknown>): boolean =>
  kind === "schema" && type === "strict_object" && expected === "never";

/**
 * Finds rule entries that are empty arrays. An empty array has no unknown field, so it passes the schema of an entry without
 * required fields. Such an entry would match every connection.
 */
function findEmptyArrays(policy: unknown): string[] {
  if (!isObject(policy)) return [];
  const rules: Partial<Record<RuleName, unknown>> = policy;
  return ruleNames.flatMap((rule) => {
    const entries = rules[rule];
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((one: unknown, index) =>
      Array.isArray(one) && one.length === 0 ? [`${rule}.${index}`] : [],
    );
  });
}

function formatProblem(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  if (path === null) return "it must be an object of rules";
  if (isUnknownField(issue)) return `\`${path}\` is unknown`;
  if (issue.kind === "schema" && issue.type === "strict_object") {
    return `\`${path}\` ${issue.received === "undefined" ? "is missing" : "must be an object"}`;
  }
  return `\`${path}\` ${issue.message}`;
}

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}
