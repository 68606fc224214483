import { getLevels, type Settings } from "./levels.js";
import { resolveOrganizationId } from "./organization-id.js";
import { formatOrganizationLabel } from "./resolve.js";

/**
 * Reads the configured UUID of an organization that has no credentials in this run. It ignores settings that other tools read
 * too, such as `DD_ORG_UUID`: the credentials that another run uses may belong to another organization than the one that these name.
 *
 * @throws `invalid-configuration`
 */
export const readConfiguredId = (source: string | undefined, settings: Settings): string | undefined =>
  resolveOrganizationId(getLevels(source, settings), false, formatOrganizationLabel(source));
