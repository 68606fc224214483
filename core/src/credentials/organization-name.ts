import { isUuid } from "../text/data.js";

/**
 * Converts the name `payments-prod` to `PAYMENTS_PROD`, the suffix of its environment variables. Within a program and its
 * configuration, two names with the same suffix are an error. If the names are from different stacks, the command line treats them
 * as spellings of one name.
 *
 * @param source - the name of the organization; missing for the default organization
 */
export function toVariableSuffix(source: string | undefined): string {
  return (source ?? "default").toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/**
 * Converts the suffix `PAYMENTS_PROD` to the name `payments-prod`, for an organization that is configured only in environment
 * variables. A name must not be a UUID. If the result would be a UUID, keeps the underscores.
 */
export function toOrganizationName(suffix: string): string {
  const name = suffix.toLowerCase().replaceAll("_", "-");
  return isUuid(name) ? suffix.toLowerCase() : name;
}
