import * as v from "valibot";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { isUuid } from "datadog-org-connections-core/api/uuid.js";
import { readArguments } from "../resources/program-inputs.js";
import { encodeText } from "datadog-org-connections-core/api/invisible.js";

const string = v.string("must be a string.");
const normalForm = (text: string) => text.trim().toLowerCase();

/** A string. */
export const text = v.optional(string);

/** The UUID of an organization, in lower case. One that is none would match nothing, and that would look like a fact. */
export const organizationId = v.optional(
  v.pipe(
    string,
    v.check(
      (given) => isUuid(normalForm(given)),
      ({ input }) =>
        `is not the UUID of an organization: "${encodeText(input)}". getOrganization({ name }) looks it up.`,
    ),
    v.transform(normalForm),
  ),
);

/** What a function takes: its arguments by their names. */
type Arguments = v.ObjectSchema<Record<string, typeof text | typeof organizationId>, undefined>;

/**
 * The arguments of a function. With one that is misspelt it would answer another question, and with a `source` that is,
 * ask another organization.
 *
 * @throws `invalid-input`
 */
export function readLookup<Schema extends Arguments>(
  of: string,
  args: unknown,
  schema: Schema,
): v.InferOutput<Schema> {
  const given = Object.entries(readLookupLater(of, args, schema)).filter(([, value]) => value != null);
  const parsed = v.safeParse(schema, Object.fromEntries(given), { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new OrgConnectionsError("invalid-input", `${of}: \`${v.getDotPath(issue) ?? ""}\` ${issue.message}`);
}

/** The same, while what they hold is not known yet. @throws `invalid-input` */
export function readLookupLater(of: string, args: unknown, { entries }: Arguments): Record<string, unknown> {
  const read = readArguments(of, args);
  const unknown = Object.keys(read).find((key) => !Object.hasOwn(entries, key));
  if (unknown === undefined) return read;
  throw new OrgConnectionsError("invalid-input", {
    happened: `\`${encodeText(unknown)}\` is no argument of ${of}.`,
    advice: `Its arguments are ${Object.keys(entries).join(", ")}.`,
  });
}
