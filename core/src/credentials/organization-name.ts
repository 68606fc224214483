import { isUuid } from "../api/uuid.js";

/**
 * Converts `payments-prod` to `PAYMENTS_PROD`, the suffix of the environment variables of that name. In one program, two
 * names with the same suffix are an error. The command line treats them as spellings of one name.
 *
 * @param source - the name of the organization; missing for the default organization
 */
export function toVariableSuffix(source: string | undefined): string {
  return (source ?? "default").toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/**
 * Converts `PAYMENTS_PROD` to `payments-prod`, the name of an organization that only environment variables name. A name must
 * not be a UUID, so a suffix that would become one keeps its underscores.
 */
export function toOrganizationName(suffix: string): string {
  const name = suffix.toLowerCase().replaceAll("_", "-");
  return isUuid(name) ? suffix.toLowerCase() : name;
}
