import * as v from "valibot";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { isUuid } from "datadog-org-connections-core/api/uuid.js";
import { readArguments } from "../resources/program-inputs.js";
import { encodeText } from "datadog-org-connections-core/api/escape-text.js";

const stringSchema = v.string("must be a string.");
const normalize = (value: string) => value.trim().toLowerCase();

/** An optional string. */
export const stringArgument = v.optional(stringSchema);

/** An optional UUID of an organization, converted to lower case. An invalid UUID would match nothing without an error. */
export const organizationIdArgument = v.optional(
  v.pipe(
    stringSchema,
    v.check(
      (given) => isUuid(normalize(given)),
      ({ input }) =>
        `is not the UUID of an organization: "${encodeText(input)}". Use getOrganization({ name }) to find it.`,
    ),
    v.transform(normalize),
  ),
);

/** The schema of a function's arguments. */
type ArgumentsSchema = v.ObjectSchema<
  Record<string, typeof stringArgument | typeof organizationIdArgument>,
  undefined
>;

/**
 * Reads the arguments of a function. Refuses unknown arguments: if a misspelled filter were ignored, the result would be
 * unfiltered, and if a misspelled `source` were ignored, the default organization would be used.
 *
 * @throws `invalid-input`
 */
export function readFunctionArguments<Schema extends ArgumentsSchema>(
  functionName: string,
  args: unknown,
  schema: Schema,
): v.InferOutput<Schema> {
  const given = Object.entries(readFunctionOutputArguments(functionName, args, schema)).filter(
    ([, value]) => value != null,
  );
  const parsed = v.safeParse(schema, Object.fromEntries(given), { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new OrgConnectionsError(
    "invalid-input",
    `${functionName}: \`${v.getDotPath(issue) ?? ""}\` ${issue.message}`,
  );
}

/** Reads arguments that may be outputs: only their names are checked. @throws `invalid-input` */
export function readFunctionOutputArguments(
  functionName: string,
  args: unknown,
  { entries }: ArgumentsSchema,
): Record<string, unknown> {
  const read = readArguments(functionName, args);
  const unknown = Object.keys(read).find((key) => !Object.hasOwn(entries, key));
  if (unknown === undefined) return read;
  throw new OrgConnectionsError("invalid-input", {
    happened: `\`${encodeText(unknown)}\` is not an argument of ${functionName}.`,
    advice: `Its arguments are ${Object.keys(entries).join(", ")}.`,
  });
}
