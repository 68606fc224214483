import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { isUuid } from "datadog-org-connections-core/api/uuid.js";
import { readArguments } from "../resources/program-inputs.js";
import { encodeText } from "datadog-org-connections-core/api/invisible.js";

/**
 * The arguments of a function: strings, by the names that it has. With one that is misspelt it would answer another
 * question, and with a `source` that is, ask another organization.
 *
 * @throws `invalid-input`
 */
export function readLookup<Name extends string>(
  of: string,
  args: unknown,
  names: readonly Name[],
): { [K in Name]?: string } {
  const read: { [K in Name]?: string } = {};
  for (const [name, value] of Object.entries(readLookupLater(of, args, names))) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "string") {
      throw new OrgConnectionsError("invalid-input", `${of}: \`${name}\` must be a string.`);
    }
    read[name as Name] = value;
  }
  return read;
}

/** The same, while what they hold is not known yet. @throws `invalid-input` */
export function readLookupLater(
  of: string,
  args: unknown,
  names: readonly string[],
): Record<string, unknown> {
  const read = readArguments(of, args);
  const unknown = Object.keys(read).find((name) => !names.includes(name));
  if (unknown === undefined) return read;
  throw new OrgConnectionsError("invalid-input", {
    happened: `\`${encodeText(unknown)}\` is no argument of ${of}.`,
    advice: `Its arguments are ${names.join(", ")}.`,
  });
}

/**
 * The UUID of an organization, in lower case. One that is none would match nothing, and that would look like a fact.
 *
 * @throws `invalid-input`
 */
export function readOrganizationId(of: string, name: string, value: string | undefined): string | undefined {
  const id = value?.trim().toLowerCase();
  if (value === undefined || (id !== undefined && isUuid(id))) return id;
  throw new OrgConnectionsError("invalid-input", {
    happened: `${of}: \`${name}\` is not the UUID of an organization: "${encodeText(value)}".`,
    advice: "getOrganization({ name }) looks it up.",
  });
}
