import {
  defaultOrganization,
  namedOrganizations,
  type ConfigReader,
} from "datadog-org-connections-core/credentials/settings.js";
import { heldBy, sourceIn } from "./held.js";
import type { Known } from "./known.js";
import type { StateResource } from "./state.js";

/**
 * What the stack's configuration tells of organizations: the `id`s that stand there. A configuration that is not of its
 * form tells nothing; the program says so itself.
 */
export function knowConfiguration(known: Known, config: ConfigReader): void {
  const ids = attempt(() => [...namedOrganizations(config)]) ?? [];
  for (const [alias, { id }] of ids) known.source(alias, id);
  known.source(
    undefined,
    attempt(() => defaultOrganization(config).id),
  );
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What a resource in a state tells of organizations. */
export function knowResource(known: Known, { urn, state }: StateResource): void {
  const { id, name, alias, isDefault } = sourceIn(state.outputs);
  known.name(id, name);
  if (alias !== undefined || isDefault === true) known.source(alias, id);
  for (const { sharing } of heldBy(urn, state).connections) known.name(sharing.sink.id, sharing.sink.name);
}
