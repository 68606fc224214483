import type { Change } from "./change.js";
import type { Fate } from "./fates.js";
import { liveOf, type Known, type LiveConnection } from "./known.js";
import type { Adoption, Adoptions } from "./notices.js";
import { isSamePair, keyOf, NOT_TOLD, without, type Sharing } from "./sharing.js";

/** A fate whose two ends are known as far as can be, and what the rest of the preview means for it. */
export interface Settled extends Fate {
  before: Sharing | undefined;
  after: Sharing | undefined;
  /** The connection that it takes over, and the resource that gives it up, if one does. */
  takes?: LiveConnection & Pick<Change, "takenFrom" | "isRace">;
  /** Another resource takes its connection over. */
  isTaken: boolean;
  /** The preview says that it adopts this one, and nothing confirms that. */
  announced?: Adoption;
  /** The pair is connected already, and is not to be taken over. */
  collides?: NonNullable<Change["collision"]>;
}

/**
 * The fates of all resources, each with what the others mean for it: a connection that one resource gives up and another
 * takes over does not end.
 *
 * @param adoptions - what the preview says will be taken over
 */
export function settle(fates: readonly Fate[], known: Known, adoptions: Adoptions): Settled[] {
  const all = fates.map((fate) => resolve(fate, known));
  const announced = groupBySink(adoptions.unconfirmed);
  for (const one of all) if (begins(one)) meet(one, all, known, { ...adoptions, announced });
  return all;
}

function resolve(fate: Fate, known: Known): Settled {
  const { held, wanted, life } = fate;
  const before = held && known.sharing(held.sharing);
  // The `up` replaces the connection where the source leads to another organization, which the preview cannot know.
  const mayMove = before !== undefined && life.op === "update" && wanted?.isSourceUnknown === true;
  const after = wanted && known.sharing(mayMove ? { ...wanted.sharing, ...NOT_TOLD } : wanted.sharing);
  const settled = { ...fate, isTaken: false, before, after };
  if (!before || !after || life.op === "replace") return settled;
  // An update keeps the organization, under whatever name.
  const { id = after.source.id, name = after.source.name } = mayMove ? after.source : before.source;
  // So is the destination of a single one, where the preview does not tell it.
  const sink = keyOf(after.sink) === undefined ? before.sink : after.sink;
  return { ...settled, after: { ...after, source: { ...after.source, id, name }, sink } };
}

/** Whether a connection is to be made, or taken over. */
const begins = ({ held, wanted, life }: Settled): boolean =>
  wanted !== undefined && (held === undefined || life.op === "replace");

/** Whether its connection ends, or leaves the stack. */
const gives = ({ held, wanted, life }: Settled): boolean =>
  held !== undefined && (wanted === undefined || life.op === "replace");

/** Looks whether the pair that is to be made is connected already. */
function meet(
  one: Settled,
  all: readonly Settled[],
  known: Known,
  { confirmed, announced }: Pick<Adoptions, "confirmed"> & { announced: ReadonlyMap<string, Adoption[]> },
): void {
  const { after, stranger, life } = one;
  if (!after) return;
  const giver = all.find(
    (other) => other.life.urn !== life.urn && gives(other) && isSamePair(other.before, after),
  );
  const told = confirmed.find(({ pair }) => isSamePair(after, pair))?.live;
  const seen = known.liveOf(after);
  // Of the set that is replaced, which may be another organization's.
  const found = stranger && known.sharing(stranger.sharing);
  const own = isSamePair(one.before, after) ? one : undefined;
  const from = giver ?? own;
  const live =
    told ??
    (from?.held?.id !== undefined ? liveOf(from.held) : undefined) ??
    (found && isSamePair(found, after) ? liveOf(stranger) : undefined) ??
    seen;
  const said = announced.get(after.sink.id ?? "")?.find((adoption) => isFrom(adoption, after));
  if (said) one.announced = said;
  if (!live || (giver === undefined && own !== undefined && life.deleteFirst !== false)) return;
  const isRace = giver && mayEndFirst(giver, one) ? true : undefined;
  if (one.wanted?.adopt === true || told) {
    one.takes = { ...live, takenFrom: from?.life.name, isRace };
    if (from) from.isTaken = true;
  } else {
    const lost = after.openTypes === undefined ? without(live.connectionTypes, after.connectionTypes) : [];
    one.collides = {
      connectionId: live.id,
      lost: lost.length > 0 ? lost : undefined,
      resource: from?.life.name,
      isRace,
    };
  }
}

/**
 * Whether a resource may end its connection before another one has taken it over. Deletions of whole resources come last,
 * but a set that stays ends in its own turn what it no longer declares, and so does `deleteBeforeReplace`. Only when it
 * depends on the other one does its turn come after.
 */
function mayEndFirst({ life: giver }: Settled, { life: taker }: Settled): boolean {
  const hasTurn = (giver.form === "set" && giver.op === "update") || giver.deleteFirst === true;
  return hasTurn && giver.wanted?.dependencies.includes(taker.urn) !== true;
}

/** Whether a notice may be of this source. It takes nothing off a change, so one that is not known may be any. */
const isFrom = ({ sourceOrgId }: Adoption, { source }: Sharing): boolean =>
  source.id === undefined || source.id === sourceOrgId?.toLowerCase();

/** A program can print any number of notices. */
function groupBySink(adoptions: readonly Adoption[]): Map<string, Adoption[]> {
  const bySink = new Map<string, Adoption[]>();
  for (const one of adoptions) {
    const sink = one.sinkOrgId?.toLowerCase();
    if (sink === undefined) continue;
    const known = bySink.get(sink);
    if (known) known.push(one);
    else bySink.set(sink, [one]);
  }
  return bySink;
}
