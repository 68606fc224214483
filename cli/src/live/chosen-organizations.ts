import { labelOf, suffixOf } from "datadog-org-connections-core/credentials/resolve.js";
import { DEFAULT_NAME, type ConfiguredOrganization } from "./organizations.js";

/** Whether `--source` means this organization: by one of its names, in the form of its variables. */
export const isCalled = ({ names }: ConfiguredOrganization, source: string): boolean =>
  names.some(
    (name) => name === source || suffixOf(name === DEFAULT_NAME ? undefined : name) === suffixOf(source),
  );

/**
 * The organizations that `--source` names, as a program names them (`default` is the default organization); all, where
 * it names none. Throws when one has no keys.
 */
export function chosen(
  configured: readonly ConfiguredOrganization[],
  sources: readonly string[],
): readonly ConfiguredOrganization[] {
  if (sources.length === 0) return configured;
  const found = sources.map((source) => {
    const one = configured.find((organization) => isCalled(organization, source));
    if (one) return one;
    const known = configured.flatMap(({ names }) => names).join(", ");
    throw new Error(`No keys are configured for ${labelOf(source)}. There are keys for: ${known}.`);
  });
  return [...new Set(found)];
}
