import * as v from "valibot";
import { defaultOrganization, namedOrganizations, type ConfigReader } from "../credentials/settings.js";
import { heldBy } from "./held.js";
import type { Known } from "./known.js";
import { isUntold } from "./sharing.js";
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

const text = v.fallback(v.optional(v.string()), undefined);
const ends = v.object({ source: text, sourceOrgId: text, sourceOrgName: text });

/** What a resource in a state tells of organizations. */
export function knowResource(known: Known, { urn, state }: StateResource): void {
  const { source, sourceOrgId, sourceOrgName } = v.parse(ends, state.outputs);
  if (sourceOrgId !== undefined && !isUntold(sourceOrgId) && !isUntold(source)) {
    known.source(source, sourceOrgId);
    if (!isUntold(sourceOrgName)) known.name(sourceOrgId, sourceOrgName);
  }
  for (const { sharing } of heldBy(urn, state)) known.name(sharing.sink.id, sharing.sink.name);
}
