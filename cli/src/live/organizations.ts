import {
  hasKeys,
  labelOf,
  resolveCredentials,
  suffixOf,
  type Settings,
} from "datadog-org-connections-core/credentials/resolve.js";
import { namedOrganizations } from "datadog-org-connections-core/credentials/settings.js";
import {
  isOrgConnectionsError,
  type OrgConnectionsError,
} from "datadog-org-connections-core/api/org-connections-error.js";
import { Sessions } from "datadog-org-connections-core/operation/sessions.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";

/** The name under which the default organization is listed. */
export const DEFAULT_NAME = "(default)";

/** An organization whose keys are configured, or should be. */
export type ConfiguredOrganization = {
  /** The names under which these very keys stand, {@link DEFAULT_NAME} among them. */
  names: string[];
  /** For messages: `organization "payments"` or `the default organization`; of the first name. */
  label: string;
  /** The first name as a program's `source` gives it; none for the default organization. */
  source: string | undefined;
} & ({ session: Session; failure?: never } | { session?: never; failure: OrgConnectionsError });

/**
 * Every organization that the settings know, those with the same keys as one, in the order: the default one, where one
 * of its keys is set; the named ones of the stack's configuration; those that only variables name (`DD_API_KEY__SHOP`
 * is `SHOP`). One without usable keys is among them, with the reason. Makes no request.
 *
 * @param onWait - told of waits of more than two seconds
 * @throws `invalid-configuration` where the configuration itself is not of its form
 */
export function configuredOrganizations(
  all: readonly Settings[],
  onWait: (message: string) => void = () => undefined,
): ConfiguredOrganization[] {
  const found = new Map<string, ConfiguredOrganization>();
  for (const settings of all) {
    // One moment: a command sees one listing of each organization, however long it runs.
    const sessions = new Sessions(() => settings, onWait, { now: () => 0 });
    for (const source of namesIn(settings)) {
      const { key, organization } = openOne(source, settings, sessions);
      const known = found.get(key);
      if (!known) found.set(key, organization);
      else known.names = [...new Set([...known.names, ...organization.names])];
    }
  }
  return [...found.values()];
}

function openOne(source: string | undefined, settings: Settings, sessions: Sessions) {
  const common = {
    names: [source ?? DEFAULT_NAME],
    label: labelOf(source),
    source,
  };
  try {
    const { baseUrl, apiKey, appKey, organizationId } = resolveCredentials(source, settings);
    const session = sessions.for(source);
    return {
      key: JSON.stringify([baseUrl, apiKey, appKey, organizationId]),
      organization: { ...common, session },
    };
  } catch (failure) {
    if (!isOrgConnectionsError(failure)) throw failure;
    return { key: JSON.stringify([common.label, failure.message]), organization: { ...common, failure } };
  }
}

/** The names that settings know; `undefined` is the default organization. */
function namesIn(settings: Settings): (string | undefined)[] {
  const named = [...namedOrganizations(settings.config).keys()];
  const known = new Set([undefined, ...named].map(suffixOf));
  const byVariable = Object.entries(settings.env).flatMap(([variable, value]) => {
    const suffix = /^DD_(?:API|APP)_KEY__([A-Z0-9_]+)$/.exec(variable)?.[1];
    return suffix === undefined || known.has(suffix) || (value ?? "").trim() === "" ? [] : [suffix];
  });
  return [
    ...(hasKeys(undefined, settings) ? [undefined] : []),
    ...named,
    ...[...new Set(byVariable)].toSorted(),
  ];
}

/** Whether `--source` means this organization: by one of its names, in the form of its variables. */
export const hasName = ({ names }: ConfiguredOrganization, source: string): boolean =>
  names.some(
    (name) => name === source || suffixOf(name === DEFAULT_NAME ? undefined : name) === suffixOf(source),
  );

/**
 * The organizations that `--source` names, as a program names them (`default` is the default organization); all, where
 * it names none. Throws when one has no keys.
 */
export function chooseOrganizations(
  configured: readonly ConfiguredOrganization[],
  sources: readonly string[],
): readonly ConfiguredOrganization[] {
  if (sources.length === 0) return configured;
  const found = sources.map((source) => {
    const one = configured.find((organization) => hasName(organization, source));
    if (one) return one;
    const known = configured.flatMap(({ names }) => names).join(", ");
    throw new Error(`No keys are configured for ${labelOf(source)}. There are keys for: ${known}.`);
  });
  return [...new Set(found)];
}
