import * as v from "valibot";
import type { Identity } from "../api/identity.js";
import { parseJson } from "../text/data.js";

const UNKNOWN_SETTING = "is not a setting of this type of identity";

/**
 * Creates the schema of an optional setting of an identity. The value is used in a host name, URL, scope, path or variable name.
 * The pattern excludes the characters that are invalid there.
 */
const createSettingSchema = (pattern: RegExp, message: string) =>
  v.optional(v.pipe(v.string(message), v.regex(pattern, message)));

/** Each type of identity with its settings. */
const IDENTITY_SCHEMAS = [
  v.strictObject(
    {
      type: v.literal("aws"),
      region: createSettingSchema(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, "must be an AWS region such as us-east-1"),
    },
    UNKNOWN_SETTING,
  ),
  v.strictObject(
    {
      type: v.literal("azure"),
      scope: createSettingSchema(/^[\x21-\x7e]+$/, "must be a scope such as api://APPLICATION_ID/.default"),
    },
    UNKNOWN_SETTING,
  ),
  v.strictObject(
    {
      type: v.literal("gcp"),
      serviceAccount: createSettingSchema(
        /^[\w.-]+@[a-z0-9.-]+$/i,
        "must be the email address of a Google Cloud service account",
      ),
    },
    UNKNOWN_SETTING,
  ),
  v.strictObject({ type: v.literal("github") }, UNKNOWN_SETTING),
  v.strictObject(
    {
      type: v.literal("hcp"),
      tag: createSettingSchema(
        /^\w+$/,
        "must be the suffix of a variable TFC_WORKLOAD_IDENTITY_TOKEN_…: letters, digits and _",
      ),
    },
    UNKNOWN_SETTING,
  ),
  v.strictObject(
    {
      type: v.literal("oidc"),
      tokenFile: createSettingSchema(/^[^\0]+$/, "must be the path of a file"),
      tokenVariable: createSettingSchema(/^[A-Za-z_]\w*$/, "must be the name of an environment variable"),
    },
    UNKNOWN_SETTING,
  ),
] as const;

const TYPE_LIST = IDENTITY_SCHEMAS.map(({ entries }) => entries.type.literal).join(", ");

/** Whether at least one type of identity has a setting with this name. */
export const isIdentitySetting = (name: string): boolean =>
  IDENTITY_SCHEMAS.some(({ entries }) => Object.hasOwn(entries, name));

/** A workload identity in the settings of an organization. Messages do not quote values: a value may be a misplaced credential. */
export const identitySchema = v.pipe(
  v.variant(
    "type",
    IDENTITY_SCHEMAS,
    // There is a path if the value is an object whose `type` is missing or unknown.
    ({ path }) =>
      path
        ? `must be one of ${TYPE_LIST}`
        : `must be an object such as {"type":"github"}; the types are ${TYPE_LIST}`,
  ),
  v.check(
    (identity) =>
      identity.type !== "oidc" || identity.tokenFile === undefined || identity.tokenVariable === undefined,
    "has both tokenFile and tokenVariable; set only one of them",
  ),
);

/** A workload identity as JSON, which is the form of a structured value in a stack's configuration. */
export const identityTextSchema = v.pipe(
  v.string("must be a string"),
  v.rawTransform(({ dataset, addIssue, NEVER }): Identity => {
    const parsed = v.safeParse(identitySchema, parseJson(dataset.value));
    if (parsed.success) return parsed.output;
    addIssue({ message: formatIdentityProblem(parsed.issues[0]) });
    return NEVER;
  }),
);

/** Formats what is invalid in an identity, as the end of a sentence that begins with the name of the setting. */
function formatIdentityProblem(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `is invalid at \`${path}\`: it ${issue.message}`;
}
