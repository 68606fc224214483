import { isOrgConnectionsError } from "../errors/org-connections-error.js";
import { KNOWN_TYPES, normalise, unfamiliarTypes } from "./inputs.js";
import type { Failure, Wanted } from "./types.js";
import { UNKNOWN } from "./types.js";
import type { World } from "./world.js";

/** The answer of check. */
export interface Checked {
  wanted: Wanted;
  failures: Failure[];
}

/**
 * Normalises and validates the inputs of one connection. Runs in a preview and again in the update that follows; it
 * does not know which, nor the resource's name. An unchanged resource costs no look at keys and no request.
 */
export function check(
  world: World,
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): Checked {
  const { wanted, failures } = normalise(news);
  if (failures.length > 0 || isSame(normalise(olds).wanted, wanted)) return { wanted, failures };
  const unfamiliar = unfamiliarTypes(wanted.connectionTypes);
  if (unfamiliar.length > 0) {
    world.warn(
      `connectionTypes to ${wanted.sinkOrgId}: this version does not know ${unfamiliar.join(", ")} ` +
        `(it knows ${KNOWN_TYPES.join(", ")}). Datadog decides; check the spelling.`,
    );
  }
  return { wanted, failures: world.checks() === "online" ? keysFailures(world, wanted) : [] };
}

function keysFailures(world: World, { source }: Wanted): Failure[] {
  if (source === UNKNOWN) return [];
  try {
    world.session(source);
    return [];
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    return [{ property: "source", reason: error.message }];
  }
}

function isSame(a: Wanted, b: Wanted): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
