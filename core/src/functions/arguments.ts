import * as v from "valibot";
import { encodeText } from "../text/escape-text.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isUuid } from "../text/data.js";

const stringSchema = v.string("must be a string.");
const normalize = (value: string) => value.trim().toLowerCase();

/** An optional string. */
const stringArgument = v.optional(stringSchema);

/** An optional UUID of an organization, converted to lower case. Without the check, an invalid UUID would match nothing. */
const organizationIdArgument = v.optional(
  v.pipe(
    stringSchema,
    v.check(
      (given) => isUuid(normalize(given)),
      ({ input }) =>
        `is not the UUID of an organization: "${encodeText(input)}". Use the function getOrganization to find it.`,
    ),
    v.transform(normalize),
  ),
);

/** The arguments of each function, by its name. */
export const argumentSchemas = {
  getOrganization: v.object({ name: stringArgument, id: stringArgument, source: stringArgument }),
  getOrganizations: v.object({ source: stringArgument }),
  getOrgConnections: v.object({
    source: stringArgument,
    sinkOrgId: organizationIdArgument,
    sourceOrgId: organizationIdArgument,
  }),
};

/** The name of a function. The npm package and the plugin have the same functions. */
export type FunctionName = keyof typeof argumentSchemas;

/** The parsed arguments of a function. */
export type FunctionArguments<Name extends FunctionName> = v.InferOutput<(typeof argumentSchemas)[Name]>;

/**
 * Parses the arguments of a function. An argument that is `null` or undefined counts as omitted.
 *
 * @throws `invalid-input` with the `property` that is invalid
 */
export function parseFunctionArguments<Name extends FunctionName>(
  functionName: Name,
  given: Readonly<Record<string, unknown>>,
): FunctionArguments<Name> {
  refuseUnknownArguments(functionName, given);
  const present = Object.entries(given).filter(([, value]) => value != null);
  const schema: v.GenericSchema<unknown, FunctionArguments<Name>> = argumentSchemas[functionName];
  const parsed = v.safeParse(schema, Object.fromEntries(present), { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const property = v.getDotPath(issue) ?? "";
  const problem = `${functionName}: \`${property}\` ${issue.message}`;
  throw new OrgConnectionsError("invalid-input", problem, { property });
}

/**
 * Refuses an argument that a function does not have. If a misspelled filter were ignored, the result would be unfiltered. If a
 * misspelled `source` were ignored, the default organization would be used.
 *
 * @throws `invalid-input` with the `property` that is unknown
 */
export function refuseUnknownArguments(functionName: FunctionName, given: object): void {
  const { entries } = argumentSchemas[functionName];
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(entries, key));
  if (unknown === undefined) return;
  throw new OrgConnectionsError(
    "invalid-input",
    {
      happened: `\`${encodeText(unknown)}\` is not an argument of ${functionName}.`,
      advice: `Its arguments are ${Object.keys(entries).join(", ")}.`,
    },
    { property: unknown },
  );
}
