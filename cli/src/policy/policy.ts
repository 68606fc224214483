import * as v from "valibot";

/** The rules, by their name in the file. */
const ruleNames = ["allow", "reason", "sinks", "protect"] as const;
export type RuleName = (typeof ruleNames)[number];

const text = "must be a text";
const list = "must be a list";
const name = v.pipe(v.string(text), v.regex(/\S/, "must not be empty"));
const names = v.pipe(
  v.union(
    [name, v.pipe(v.array(name), v.minLength(1, "must not be empty"))],
    "must be a text or a list of texts",
  ),
  v.description(
    "Organizations: UUIDs, which are compared with the id alone, or names at Datadog. For a source also the name of its " +
      "credentials in the program and the stack's configuration. In a name * stands for any text; upper and lower case are " +
      "the same. Left out: all.",
  ),
);
const types = v.pipe(
  v.array(
    v.pipe(v.string(text), v.regex(/^[a-z0-9_-]+$/, "must be a type in lower case, such as logs")),
    list,
  ),
  v.minLength(1, "must not be empty"),
  v.description("Connection types: logs, metrics, audit, and what Datadog adds."),
);
const pattern = v.pipe(
  v.string(text),
  v.check(isPattern, "must be a regular expression"),
  v.description(
    "A regular expression (ECMAScript). ^ and $ tie it to the whole reason. It has half a second for each reason.",
  ),
);
const most = v.pipe(
  v.number("must be a number"),
  v.integer("must be a whole number"),
  v.minValue(0, "must not be negative"),
);
const entry = { source: v.optional(names), sink: v.optional(names), types: v.optional(types) };

/** The form of a policy file. What it does not know is refused: a rule that is misspelt would not hold. */
export const policySchema = v.strictObject({
  $schema: v.optional(v.string(text)),
  allow: v.pipe(
    v.optional(v.array(v.strictObject(entry), list)),
    v.description(
      "Who may share what with whom: what newly reaches a destination must be in one of the entries. An empty list " +
        "allows nothing.",
    ),
  ),
  reason: v.pipe(
    v.optional(v.array(v.strictObject({ ...entry, pattern: v.optional(pattern) }), list)),
    v.description(
      "Connections of these types (left out: audit) need a reason, and one that matches the pattern.",
    ),
  ),
  sinks: v.pipe(
    v.optional(v.array(v.strictObject({ source: v.optional(names), most }), list)),
    v.description("How many destinations each of these sources may have at most."),
  ),
  protect: v.pipe(
    v.optional(v.array(v.strictObject({ source: v.optional(names), sink: v.optional(names) }), list)),
    v.description("Connections of these sources need the resource option protect."),
  ),
  warnOnly: v.pipe(
    v.optional(v.array(v.picklist(ruleNames, `must be one of ${ruleNames.join(", ")}`), list)),
    v.description("Rules whose violations are told, and do not set the exit code."),
  ),
});

/** Rules about who may share what with whom. */
export type Policy = v.InferOutput<typeof policySchema>;

/**
 * A policy from the text of its file.
 *
 * @param file - how messages call it
 * @throws an error that names each place in the file that is wrong, and what must stand there
 */
export function parsePolicy(policy: unknown, file: string): Policy {
  const parsed = v.safeParse(policySchema, policy);
  // An array has no field that is not known.
  if (parsed.success && !Array.isArray(policy)) return parsed.output;
  const problems = (parsed.issues ?? []).map(problemOf);
  const what = problems.length === 0 ? "it must be an object of rules" : problems.join("; ");
  throw new Error(`${file} is no policy: ${what}. policy.schema.json of this package tells its form.`);
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const at = v.getDotPath(issue);
  if (at === null) return "it must be an object of rules";
  if (issue.kind === "schema" && issue.type === "strict_object") {
    if (issue.expected === "never") return `\`${at}\` is not known here`;
    return `\`${at}\` ${issue.received === "undefined" ? "is missing" : "must be an object"}`;
  }
  return `\`${at}\` ${issue.message}`;
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}
