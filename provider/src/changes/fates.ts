import { heldBy, type Held } from "./held.js";
import type { Life } from "./lives.js";
import { wantedBy, type Wanted } from "./wanted.js";

/** What becomes of one connection of one resource. */
export interface Fate {
  life: Life;
  /** What the resource holds, and is live. */
  held?: Held;
  /** What the state holds of it, before a refresh. */
  recorded?: Held;
  /** What the program wants: in place of what is held, where the resource is replaced. */
  wanted?: Wanted;
  /** A connection of the wanted pair that the resource does not hold: a stranger of an exclusive set that is declared now. */
  stranger?: Held;
}

/** The connections of one resource, those that stay as they are among them. */
export function fatesOf(life: Life): Fate[] {
  const { urn, op } = life;
  if (op === undefined) return [];
  const held = life.isPending ? [] : heldBy(urn, op === "create" ? undefined : life.live);
  const recorded = life.isPending ? [] : heldBy(urn, life.recorded);
  const wanted = op === "delete" ? [] : wantedBy(life.wanted);
  return life.form === "single"
    ? singleFate(life, held[0], recorded[0], wanted[0])
    : setFates(life, held, recorded, wanted);
}

function singleFate(life: Life, held?: Held, recorded?: Held, wanted?: Wanted): Fate[] {
  if (!held && !wanted) return [];
  return [{ life, ...(held && { held }), ...(recorded && { recorded }), ...(wanted && { wanted }) }];
}

function setFates(
  life: Life,
  held: readonly Held[],
  recorded: readonly Held[],
  wanted: readonly Wanted[],
): Fate[] {
  const isExclusive = life.op !== "delete" && life.wanted?.inputs["exclusive"] === true;
  const members = bySink(held.filter(({ isStranger }) => !isStranger));
  const strangers = bySink(held.filter(({ isStranger }) => isStranger));
  const before = bySink(recorded.filter(({ isStranger }) => !isStranger));
  const declared = new Map(wanted.map((one) => [one.sharing.sink.id ?? "", one]));
  const isOpen = wanted.some((one) => one.isOpen);
  const fates: Fate[] = [];
  for (const [sink, one] of declared) {
    const [member, stranger, old] = [members.get(sink), strangers.get(sink), before.get(sink)];
    fates.push({
      life,
      wanted: one,
      ...(member && { held: member }),
      ...(stranger && { stranger }),
      ...(old && { recorded: old }),
    });
  }
  for (const [sink, one] of members) {
    if (declared.has(sink)) continue;
    const old = before.get(sink);
    fates.push({
      life,
      held: one,
      ...(old && { recorded: old }),
      ...(isOpen && { wanted: untold(one, wanted) }),
    });
  }
  if (isExclusive) {
    for (const [sink, one] of strangers) if (!declared.has(sink)) fates.push({ life, held: one });
  }
  return fates;
}

/** A member of a set whose destinations the preview does not tell: it may stay, change or end. */
function untold({ sharing }: Held, wanted: readonly Wanted[]): Wanted {
  const common = wanted[0] ?? { adopt: false, protect: false };
  return { ...common, isOpen: true, sharing: { ...sharing, connectionTypes: [], openTypes: "not-told" } };
}

const bySink = (list: readonly Held[]): Map<string, Held> =>
  new Map(list.map((one) => [one.sharing.sink.id ?? "", one]));
