import { DELETE_BEFORE_REPLACE } from "../connection/check.js";
import { isAdopting } from "../connection/existing.js";
import { unfamiliarTypes } from "../connection/inputs.js";
import { look } from "../connection/looks.js";
import { pairKey, type World } from "../operation/world.js";
import type { Parsed } from "../connection/one-input.js";
import type { Failure } from "../connection/types.js";
import { isKnown, normaliseSet, single, sinksOf } from "./inputs.js";
import { OTHER_PAIRS, otherPairsOf } from "../operation/other-pairs.js";
import type { PlannedSet } from "./types.js";

/** Normalises and validates a set, and looks at what is new in it. An unchanged set costs no request. */
export async function checkSet(
  world: World,
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
): Promise<Parsed<PlannedSet>> {
  const { wanted, failures: problems } = normaliseSet(news);
  if (wanted?.exclusive === true) world.otherPairs.set(wanted.source, otherPairsOf(news[OTHER_PAIRS]));
  const failures = problems.map(({ property, reason }) => ({
    property,
    reason: `${reason} [invalid-input]`,
  }));
  const before = normaliseSet(olds).wanted;
  for (const sink of sinksOf(before)) world.held.add(pairKey(before?.source, sink));
  if (!wanted || failures.length > 0 || JSON.stringify(before) === JSON.stringify(wanted))
    return { wanted, failures };
  // Not known yet is not the same as nothing declared: a preview must not show that all members end.
  if (!isKnown(wanted)) return { wanted, failures };
  const types = [...new Set(Object.values(wanted.connections).flat())];
  const unfamiliar = unfamiliarTypes(types);
  if (unfamiliar.length > 0) {
    world.warn(
      `connections: this version does not know ${unfamiliar.join(", ")}. Datadog decides; check the spelling.`,
    );
  }
  const declare = () => {
    for (const sink of Object.keys(wanted.connections)) world.held.add(pairKey(wanted.source, sink));
  };
  if (world.checks() === "offline") {
    declare();
    return { wanted, failures };
  }
  // A forced replacement comes with empty olds and without a diff: where the old set is deleted first, its pairs are no
  // surprise.
  const isReplaceable = news[DELETE_BEFORE_REPLACE] === true && Object.keys(olds).length === 0;
  // One after the other: the first look asks, the others find its answers.
  const found: Failure[] = [];
  const sinksBefore = new Set(sinksOf(before));
  for (const sink of Object.keys(wanted.connections)) {
    if (sinksBefore.has(sink)) continue;
    const one = single(wanted, sink);
    const looks = await look(world, one, { mayExist: isReplaceable && !isAdopting(world, one) });
    found.push(...looks.map(({ property, reason }) => toSet(property, sink, reason)));
    // Keys that are refused are refused for all.
    if (looks.some(({ property }) => property === "source")) break;
  }
  if (found.length === 0) declare();
  return { wanted, failures: found };
}

function toSet(property: string, sink: string, reason: string): Failure {
  return property === "source" ? { property, reason } : { property: `connections["${sink}"]`, reason };
}
