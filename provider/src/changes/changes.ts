import { definedOnly } from "../lifecycle/records.js";
import { nameOf } from "../stack/managed.js";
import { announcedIn } from "./announced.js";
import { changeKinds, type Change, type Sharing } from "./change.js";
import { fatesOf, type Fate } from "./fates.js";
import { knowConfiguration, knowResource } from "./gather.js";
import { heldBy } from "./held.js";
import { Known } from "./known.js";
import { livesIn, type Life } from "./lives.js";
import { pairOf, plain } from "./phrase.js";
import { settle } from "./settle.js";
import type { StateResource } from "./state.js";
import type { Preview } from "./step.js";

/** What is to change, and what stays. */
export interface Changes {
  /** By weight: what ends first. */
  changes: Change[];
  /** What this stack goes on sharing, unchanged. */
  stays: Sharing[];
  /** Whether `stays` is all of it: the state was given, or the preview shows what is the same. */
  isWhole: boolean;
  known: Known;
}

/**
 * What a preview would do to each connection, and what stays.
 *
 * @param state - the resources in the stack's state, for names and for what stays; a preview shows neither
 * @param known - what is known besides, by a look-up say
 */
export function changesOf(
  preview: Preview,
  state?: readonly StateResource[],
  known: Known = new Known(),
): Changes {
  knowConfiguration(known, (key) => preview.config[key]);
  const pending = new Set((state ?? []).flatMap((one) => (one.state.pendingReplacement ? [one.urn] : [])));
  const lives = livesIn(preview).map((life) => ({
    ...life,
    isPending: life.isPending || pending.has(life.urn),
  }));
  // What a program wants tells nothing: it could give any organization any name.
  for (const { urn, live, recorded } of lives) {
    for (const one of [live, recorded]) if (one) knowResource(known, { urn, state: one });
  }
  for (const one of state ?? []) knowResource(known, one);
  const announced = announcedIn(preview.diagnostics);
  for (const { alias, sourceOrgId, sinkOrgId, sinkOrgName } of announced) {
    known.source(alias, sourceOrgId);
    known.name(sinkOrgId, sinkOrgName);
  }
  const fates = lives.flatMap(fatesOf);
  const changes = [...leftovers(lives, state ?? [], known), ...settle(fates, known, announced)].toSorted(
    byWeight,
  );
  return {
    changes,
    stays: staying(changes, fates, [...(state ?? []), ...refreshed(lives, preview)], known),
    isWhole:
      state !== undefined ||
      preview.steps.some(({ op, old }) => (op === "same" && old?.type !== STACK) || op === "refresh"),
    known,
  };
}

/** The engine's order is another one each time: by weight, then as people look for names. */
function byWeight(a: Change, b: Change): number {
  const text = ({ before, after, resource }: Change) =>
    [before ?? after, after].map((one) => (one ? plain(pairOf(one)) : "")).join(" ") + ` ${resource}`;
  return (
    changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind) ||
    text(a).localeCompare(text(b), "en", { numeric: true })
  );
}

/** Always shown, even where nothing else that is the same is. */
const STACK = "pulumi:pulumi:Stack";

/** What only a refresh shows is the same, unless the provider has said that it is gone. */
function refreshed(lives: readonly Life[], { diagnostics }: Preview): StateResource[] {
  const said = diagnostics.map(({ message }) => message).join("\n");
  return lives.flatMap(({ op, urn, live }) =>
    op === undefined && live && !said.includes(`connection ${live.id ?? ""} `) ? [{ urn, state: live }] : [],
  );
}

/** Connections that interrupted replacements have left behind: the next `up` ends them. */
function leftovers(lives: readonly Life[], state: readonly StateResource[], known: Known): Change[] {
  const shown = lives.flatMap(({ urn, leftovers: left }) => left.map((one) => ({ urn, state: one })));
  const all = [...shown, ...state.filter((one) => one.state.delete)];
  const changes = all.flatMap((one) =>
    heldBy(one.urn, one.state).map((held): Change => {
      const before = known.sharing(held.sharing);
      return definedOnly<Change>({
        kind: "delete",
        urn: one.urn,
        resource: nameOf(one.urn),
        form: held.form,
        before,
        gained: [],
        lost: before.connectionTypes,
        connectionId: held.id,
        createdAt: held.createdAt,
        createdBy: known.creator(definedOnly({ id: held.createdBy })),
        protect: one.state.protect,
        adopt: false,
        because: "leftover",
        recorded: [],
      });
    }),
  );
  return [...new Map(changes.map((change) => [change.connectionId, change])).values()];
}

/** What is held by the state, or by a resource that the preview shows, and not touched by a change. */
function staying(
  changes: readonly Change[],
  fates: readonly Fate[],
  state: readonly StateResource[],
  known: Known,
): Sharing[] {
  const touched = new Set(changes.map(({ connectionId }) => connectionId));
  const shown = fates.flatMap(({ held, wanted }) => (held && wanted ? [held] : []));
  const held = [
    ...state
      .filter((one) => !one.state.delete && !one.state.pendingReplacement)
      .flatMap((one) => heldBy(one.urn, one.state)),
    ...shown,
  ];
  // What the refresh finds gone stands in the state, and is made again.
  const gone = new Set(fates.flatMap((one) => (!one.held && one.recorded ? [one.recorded.id] : [])));
  const kept = held.filter(({ id, isStranger }) => !touched.has(id) && !gone.has(id) && !isStranger);
  const sharings = [...new Map(kept.map((one) => [one.id, known.sharing(one.sharing)])).values()];
  return sharings.toSorted((a, b) =>
    plain(pairOf(a)).localeCompare(plain(pairOf(b)), "en", { numeric: true }),
  );
}
