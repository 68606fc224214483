import type { UnreadableResource } from "../stack/resources.js";
import type { Change } from "./change.js";
import type { Organization, Sharing } from "./sharing.js";
import type { Fate } from "./fates.js";
import { heldBy, type Held } from "./held.js";
import type { Known } from "./known.js";
import type { Life } from "./lives.js";
import { pairOf, plain } from "./phrase.js";
import type { StateResource } from "../stack/state.js";

/** What a preview comes to, as far as it is known. */
export interface Outcome {
  changes: readonly Change[];
  fates: readonly Fate[];
  lives: readonly Life[];
  state: readonly StateResource[];
  /** Ids of connections that the preview says are gone, in lower case. */
  gone: ReadonlySet<string>;
}

/** A resource that stays, and of which it cannot be read what it shares: that is not among `stays`. */
export interface Unread extends UnreadableResource {
  /** As far as it is known. */
  source: Organization;
}

/** What is shared after the changes as before. */
export interface Staying {
  stays: Sharing[];
  /** What the preview says is gone, and nothing confirms: it is among `stays`. */
  saidGone: Sharing[];
  unreadable: Unread[];
  notes: string[];
}

/** What is held by the state, or by a resource that the preview shows, and not touched by a change. */
export function stayingIn({ changes, fates, lives, state, gone }: Outcome, known: Known): Staying {
  const touched = new Set(changes.map(({ connectionId }) => connectionId));
  const shown = fates.flatMap(({ held, wanted, life }) =>
    held?.id !== undefined && wanted && life.op !== "replace" ? [held] : [],
  );
  const refreshed = refreshedIn(lives, gone, known);
  // What the preview shows of a resource is newer than the state: what a refresh found, or what the engine compared.
  const isOlder = new Set(lives.flatMap(({ op, urn }) => (op === undefined ? [urn] : [])));
  const kept = state.filter((one) => !one.state.delete && !one.state.pendingReplacement);
  const left = leftIn(fates, lives);
  const inState = kept
    .filter(({ urn }) => !isOlder.has(urn))
    .flatMap(({ urn, state: one }) =>
      heldBy(urn, one).connections.filter(({ id }) => !left.has(keyOf(urn, id))),
    );
  // What the refresh finds gone stands in the state, and is made again.
  const made = new Set(fates.flatMap((one) => (!one.held && one.recorded ? [one.recorded.id] : [])));
  const held = [...inState, ...refreshed.held, ...shown].filter(
    ({ id, isStranger }) => !touched.has(id) && !made.has(id) && !isStranger,
  );
  const stays = [...new Map(held.map((one) => [one.id, known.sharing(one.sharing)])).values()];
  return {
    stays: stays.toSorted((a, b) =>
      plain(pairOf(a)).localeCompare(plain(pairOf(b)), "en", { numeric: true }),
    ),
    saidGone: refreshed.saidGone,
    unreadable: unreadableIn(lives, kept, known),
    notes: refreshed.notes,
  };
}

/**
 * Connections of the state that their resource no longer holds, though no change names them: it gives the connection up,
 * and another resource adopts the pair under a newer id; or the refresh has found it gone.
 */
function leftIn(fates: readonly Fate[], lives: readonly Life[]): ReadonlySet<string> {
  const givenUp = fates.flatMap(({ held, wanted, life }) =>
    held?.id !== undefined && (!wanted || life.op === "replace") ? [keyOf(life.urn, held.id)] : [],
  );
  const gone = lives.flatMap(({ urn, op, recorded, live }) => {
    if (op === undefined || !recorded) return [];
    const found = new Set(live ? heldBy(urn, live).connections.map(({ id }) => id) : []);
    return heldBy(urn, recorded).connections.flatMap(({ id }) => (found.has(id) ? [] : [keyOf(urn, id)]));
  });
  return new Set([...givenUp, ...gone]);
}

const keyOf = (urn: string, id: string): string => JSON.stringify([urn, id]);

/** The resources that stay, and of which not all can be read. What becomes of the others is a change. */
function unreadableIn(lives: readonly Life[], state: readonly StateResource[], known: Known): Unread[] {
  const changing = new Set(lives.flatMap(({ urn, op }) => (op === undefined || op === "same" ? [] : [urn])));
  const shown = lives.flatMap(({ urn, live, isGone }) => (live && !isGone ? [{ urn, state: live }] : []));
  const all = [...state, ...shown].filter(({ urn }) => !changing.has(urn));
  const found = all.flatMap(({ urn, state: one }): Unread[] => {
    const { unreadable } = heldBy(urn, one);
    if (!unreadable) return [];
    return [{ ...unreadable.resource, source: known.organization(unreadable.held.sharing.source) }];
  });
  return [...new Map(found.map((one) => [one.urn, one])).values()].toSorted((a, b) =>
    a.name.localeCompare(b.name, "en", { numeric: true }),
  );
}

/**
 * What only a refresh shows: it stays, unless it is gone. That it is gone, the engine's events tell, or a notice of the
 * provider. A program can print such a notice too, so the connection counts until a look-up confirms that it is gone:
 * whoever hides one that stays could have one more than a policy allows.
 */
function refreshedIn(lives: readonly Life[], gone: ReadonlySet<string>, known: Known) {
  const found: { held: Held[]; saidGone: Sharing[]; notes: string[] } = { held: [], saidGone: [], notes: [] };
  for (const { op, urn, live, isGone } of lives) {
    if (op !== undefined || !live) continue;
    for (const one of heldBy(urn, live).connections) {
      if (one.isStranger) continue;
      const sharing = known.sharing(one.sharing);
      const isSaid = gone.has(one.id.toLowerCase());
      const isLive = isGone ? false : isSaid ? known.isLive(one.id, sharing) : true;
      const what = `onnection ${one.id} (${plain(pairOf(sharing))}) is gone`;
      if (isLive === false) {
        found.notes.push(
          `C${what}: somebody ended it outside this program, which no longer declares it. It only leaves the state.`,
        );
        continue;
      }
      found.held.push(one);
      if (isLive === true) continue;
      found.saidGone.push(sharing);
      found.notes.push(
        `The preview says that c${what}, and nothing confirms that: ` +
          `${known.isLookedUp ? "the look-up did not reach its organizations" : "--lookup asks Datadog"}. Every program can ` +
          "print such a notice, so the connection counts as one that stays.",
      );
    }
  }
  return found;
}
