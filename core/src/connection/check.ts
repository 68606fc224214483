import { isAdopting } from "./existing.js";
import { KNOWN_TYPES, normalise, unfamiliarTypes } from "./inputs.js";
import type { Parsed } from "./one-input.js";
import { look } from "./looks.js";
import type { Wanted } from "./types.js";
import { pairKey, type World } from "../operation/world.js";

/** The constructor's hint that the resource option is set: check has no other way to know, and the state does not hold it. */
export const DELETE_BEFORE_REPLACE = "__deleteBeforeReplace";

/**
 * Normalises and validates the inputs of one connection. Runs in a preview and again in the update that follows; it
 * does not know which, nor the resource's name. An unchanged resource costs no look at keys and no request.
 */
export async function check(
  world: World,
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): Promise<Parsed<Wanted>> {
  const { wanted, failures: problems } = normalise(news);
  const failures = problems.map(({ property, reason }) => ({
    property,
    reason: `${reason} [invalid-input]`,
  }));
  const before = normalise(olds).wanted;
  if (before) world.held.add(pairKey(before.source, before.sinkOrgId));
  if (!wanted || failures.length > 0 || isSame(before, wanted)) return { wanted, failures };
  const unfamiliar = unfamiliarTypes(wanted.connectionTypes);
  if (unfamiliar.length > 0) {
    world.warn(
      `connectionTypes to ${wanted.sinkOrgId}: this version does not know ${unfamiliar.join(", ")} ` +
        `(it knows ${KNOWN_TYPES.join(", ")}). Datadog decides; check the spelling.`,
    );
  }
  const sameSink = before?.sinkOrgId === wanted.sinkOrgId;
  const isLooked = world.checks() === "online" && !(sameSink && isRecordedOnly(before, wanted));
  // To the same sink it is this resource's own connection, or diff will tell that `source` leads elsewhere. A forced
  // replacement (--replace, taint) comes with empty olds and without a diff: where the old one is deleted first, its pair
  // is no surprise.
  const isReplaceable = news[DELETE_BEFORE_REPLACE] === true && !isAdopting(world, wanted);
  const found = isLooked ? await look(world, wanted, { mayExist: sameSink || isReplaceable }) : [];
  if (found.length === 0) world.held.add(pairKey(wanted.source, wanted.sinkOrgId));
  return { wanted, failures: found };
}

function isSame(a: Wanted | undefined, b: Wanted): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether the change is one that makes no request: of `adopt` or `reason` alone. */
function isRecordedOnly(a: Wanted, b: Wanted): boolean {
  const sent = ({ source, connectionTypes }: Wanted) => JSON.stringify([source, connectionTypes]);
  return sent(a) === sent(b);
}
