import { getLevels, type Settings } from "./levels.js";
import { resolveOrganizationId } from "./organization-id.js";
import { formatOrganizationLabel } from "./resolve.js";

/**
 * Reads the configured UUID of an organization that has no usable credentials. Ignores settings that other tools also read, such as
 * `DD_ORG_UUID`, because they may contain the UUID of another organization.
 *
 * @returns `undefined` if no UUID is configured
 * @throws `invalid-configuration`
 */
export const readConfiguredId = (source: string | undefined, settings: Settings): string | undefined =>
  resolveOrganizationId(getLevels(source, settings), false, formatOrganizationLabel(source));
