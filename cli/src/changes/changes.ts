import { isStack, nameOf } from "../stack/resources.js";
import { changesFrom } from "./build.js";
import { changeKinds, type Change } from "./change.js";
import { fatesOf } from "./fates.js";
import { heldBy } from "./held.js";
import { knowConfiguration, Known, knowResource } from "./known.js";
import { livesIn, type Life } from "./lives.js";
import { confirm, noticesIn, notesOf } from "./notices.js";
import { withOwners, type SharedConnection } from "./owners.js";
import { pairOf, plain } from "./phrase.js";
import { settle } from "./settle.js";
import type { Sharing } from "./sharing.js";
import type { StateResource } from "../stack/state.js";
import { stayingIn, type Unread } from "./staying.js";
import type { Preview } from "../stack/step.js";

/** What is to change, and what stays. */
export interface Changes {
  /** By weight: what ends first. */
  changes: Change[];
  /** What this stack goes on sharing, unchanged. */
  stays: Sharing[];
  /** Connections that more than one resource holds. */
  sharedConnections: SharedConnection[];
  /** Resources that stay, and of which it cannot be read what they share. */
  unreadable: Unread[];
  /** Whether `stays` is all that can be read: the state was given, or the preview shows what is the same. */
  isListed: boolean;
  /** Whether `stays` is all of it. */
  isWhole: boolean;
  /** What the preview says is gone, and nothing confirms: it is among `stays`. */
  saidGone: Sharing[];
  /** What the reader should know of what the preview says. */
  notes: string[];
  known: Known;
}

/**
 * What a preview would do to each connection, and what stays.
 *
 * @param given - the resources in the stack's state, for names and for what stays; a preview shows neither
 * @param known - what is known besides, by a look-up say
 */
export function changesOf(
  preview: Preview,
  given?: readonly StateResource[],
  known: Known = new Known(),
): Changes {
  knowConfiguration(known, (key) => preview.config[key]);
  const shown = livesIn(preview);
  const state = given && renamed(given, shown);
  const pending = new Set((state ?? []).flatMap((one) => (one.state.pendingReplacement ? [one.urn] : [])));
  const lives = shown.map((life) => ({ ...life, isPending: life.isPending || pending.has(life.urn) }));
  // What a program wants is not among it: it could give any organization any name.
  const before = [...lives.flatMap(statesOf), ...(state ?? [])];
  for (const one of before) knowResource(known, one);
  const notices = noticesIn(preview.diagnostics);
  const held = before.flatMap((one) => heldBy(one.urn, one.state).connections);
  const adoptions = confirm(notices.adoptions, held, known);
  const fates = lives.flatMap(fatesOf);
  const made = settle(fates, known, adoptions).flatMap((one) => changesFrom(one, known));
  const all = [...leftovers(lives, state ?? [], known), ...made];
  const { changes, sharedConnections } = withOwners(
    all.toSorted(byWeight),
    { lives, state: state ?? [] },
    known,
  );
  // Of a preview that failed nothing is said to stay.
  const isCut = preview.diagnostics.some(({ severity }) => severity === "error");
  const isListed =
    state !== undefined ||
    preview.steps.some(({ op, urn }) => (op === "same" && !isStack(urn)) || op === "refresh");
  const { stays, saidGone, unreadable, notes } = stayingIn(
    { changes, fates, lives, state: state ?? [], gone: notices.gone },
    known,
  );
  return {
    changes,
    stays,
    unreadable,
    sharedConnections,
    isListed,
    isWhole: isListed && unreadable.length === 0,
    saidGone,
    notes: [...notices.notes, ...notesOf(adoptions.unconfirmed, known.isLookedUp), ...(isCut ? [] : notes)],
    known,
  };
}

/** The resources of the state under the names that the preview has for them: `aliases` may have changed those. */
function renamed(state: readonly StateResource[], lives: readonly Life[]): StateResource[] {
  const names = new Map(
    lives.flatMap(({ urn, formerUrn }) => (formerUrn === undefined ? [] : [[formerUrn, urn]])),
  );
  return state.map((one) => ({ ...one, urn: names.get(one.urn) ?? one.urn }));
}

/** What a resource was before the program's own step. */
const statesOf = ({ urn, live, recorded }: Life): StateResource[] =>
  [live, recorded].flatMap((one) => (one ? [{ urn, state: one }] : []));

/** The engine's order is another one each time: by weight, then as people look for names. */
function byWeight(a: Change, b: Change): number {
  const text = ({ before, after, resource }: Change) =>
    [before ?? after, after].map((one) => (one ? plain(pairOf(one)) : "")).join(" ") + ` ${resource}`;
  return (
    changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind) ||
    text(a).localeCompare(text(b), "en", { numeric: true })
  );
}

/** Connections that interrupted replacements have left behind: the next `up` ends them. */
function leftovers(lives: readonly Life[], state: readonly StateResource[], known: Known): Change[] {
  const shown = lives.flatMap(({ urn, leftovers: left }) => left.map((one) => ({ urn, state: one })));
  const all = [...shown, ...state.filter((one) => one.state.delete)];
  const changes = all.flatMap((one) => {
    const { connections, unreadable } = heldBy(one.urn, one.state);
    return [...connections, ...(unreadable ? [unreadable.held] : [])].map((held): Change => {
      const before = known.sharing(held.sharing);
      return {
        kind: "delete",
        urn: one.urn,
        resource: nameOf(one.urn),
        form: held.form,
        before,
        gained: [],
        lost: before.connectionTypes,
        connectionId: held.id,
        createdAt: held.createdAt,
        createdBy: known.creator({ id: held.createdBy }),
        protect: one.state.protect,
        adopt: false,
        because: "leftover",
        isUnreadable: held.isUnreadable,
        recorded: [],
      };
    });
  });
  return [...new Map(changes.map((change) => [change.connectionId ?? change.urn, change])).values()];
}
