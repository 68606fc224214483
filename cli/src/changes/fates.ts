import { stateOfNothing, type ResourceState } from "../stack/resource-state.js";
import { isUntold, NOT_YET_KNOWN } from "../stack/told.js";
import { heldBy, type Held, type Holdings, type UnreadableHeld } from "./held.js";
import type { Life } from "./lives.js";
import { NOT_TOLD } from "./sharing.js";
import { wantedBy, type Wanted } from "./wanted.js";

/** What becomes of one connection of one resource, or of those of it that cannot be read. */
export interface Fate {
  life: Life;
  /** What the resource holds, and is live. */
  held?: Held | UnreadableHeld | undefined;
  /** What the state holds of it, before a refresh. */
  recorded?: Held | undefined;
  /** What the program wants: in place of what is held, where the resource is replaced. */
  wanted?: Wanted | undefined;
  /** A connection of the wanted pair that the resource does not hold: a stranger of an exclusive set that is declared now. */
  stranger?: Held | undefined;
}

/** The connections of one resource, those that stay as they are among them. */
export function fatesOf(life: Life): Fate[] {
  const { op, isPending } = life;
  if (op === undefined) return [];
  const held = isPending || op === "create" ? NOTHING : holdingsOf(life, life.live);
  const recorded = isPending || !life.recorded ? NOTHING : holdingsOf(life, life.recorded);
  const wanted = op === "delete" ? [] : wantedBy(life);
  if (op === "same") return sameFates(life, held, wanted);
  return life.form === "single"
    ? singleFate(life, held, recorded, wanted[0])
    : setFates(life, held, recorded.connections, wanted);
}

const NOTHING: Holdings = { connections: [] };

/** A step that shows no state shows nothing of what is there, which is not to say that there is nothing. */
const holdingsOf = ({ urn, form }: Life, state: ResourceState | undefined): Holdings =>
  heldBy(urn, state ?? stateOfNothing(form));

/** The engine has compared all of it, the secrets too: what is shared stays, whatever the preview does not tell of it. */
function sameFates(life: Life, { connections }: Holdings, [wanted]: readonly Wanted[]): Fate[] {
  const common = wanted ?? { adopt: false, protect: false, isOpen: false };
  return connections
    .filter(({ isStranger }) => !isStranger)
    .map((held) => ({ life, held, wanted: { ...common, isOpen: false, sharing: held.sharing } }));
}

function singleFate(
  life: Life,
  { connections, unreadable }: Holdings,
  recorded: Holdings,
  wanted?: Wanted,
): Fate[] {
  const held = connections[0] ?? (wanted && perhapsHeld(life, unreadable, wanted));
  return [
    ...(held || wanted ? [{ life, held, recorded: recorded.connections[0], wanted }] : []),
    // An update keeps the pair.
    ...(life.op === "update" ? [] : unreadableFate(life, unreadable)),
  ];
}

function setFates(
  life: Life,
  { connections: held, unreadable }: Holdings,
  recorded: readonly Held[],
  wanted: readonly Wanted[],
): Fate[] {
  const exclusive = life.wanted?.inputs.exclusive;
  // A replacement deletes the members of the old set, and creates those of the new one: neither touches anything else.
  const isExclusive = life.op === "update" && (exclusive === true || isUntold(exclusive));
  const members = bySink(held.filter(({ isStranger }) => !isStranger));
  const strangers = bySink(held.filter(({ isStranger }) => isStranger));
  const before = bySink(recorded.filter(({ isStranger }) => !isStranger));
  const declared = new Map(wanted.map((one) => [one.sharing.sink.id ?? "", one]));
  const isOpen = wanted.some((one) => one.isOpen);
  const fates: Fate[] = [];
  for (const [sink, one] of declared) {
    fates.push({
      life,
      wanted: one,
      // It may be among those that cannot be read.
      held: members.get(sink) ?? perhapsHeld(life, unreadable, one),
      stranger: strangers.get(sink),
      recorded: before.get(sink),
    });
  }
  for (const [sink, one] of members) {
    if (declared.has(sink)) continue;
    fates.push({
      life,
      held: one,
      recorded: before.get(sink),
      wanted: isOpen ? untold(life, one, wanted) : undefined,
    });
  }
  if (isExclusive) {
    for (const [sink, one] of strangers) {
      // The set may declare it, or be replaced, once its destinations or its source are known.
      const mayStay = isOpen || life.wanted?.inputs.source === NOT_YET_KNOWN;
      if (!declared.has(sink))
        fates.push({ life, held: one, wanted: mayStay ? untold(life, one, wanted) : undefined });
    }
  }
  return [...fates, ...unreadableFate(life, unreadable)];
}

/** What a resource holds besides what can be read: whatever it is, nothing says that it stays. */
const unreadableFate = (life: Life, unreadable: Holdings["unreadable"]): Fate[] =>
  unreadable ? [{ life, held: unreadable.held }] : [];

/** A connection that is declared may be there already, sharing whatever it does, where not all that is there can be read. */
function perhapsHeld(
  { op }: Life,
  unreadable: Holdings["unreadable"],
  { sharing, isOpen }: Wanted,
): UnreadableHeld | undefined {
  if (!unreadable || op !== "update" || isOpen) return undefined;
  const { held } = unreadable;
  return { ...held, sharing: { ...held.sharing, sink: sharing.sink } };
}

/** A member of a set whose destinations the preview does not tell: it may stay, change or end. */
function untold({ op }: Life, { sharing }: Held, wanted: readonly Wanted[]): Wanted {
  const common = wanted[0] ?? { adopt: false, protect: false };
  // A replacement may be by a set of another organization.
  const source = op === "replace" ? (wanted[0]?.sharing.source ?? {}) : sharing.source;
  return { ...common, isOpen: true, sharing: { ...sharing, source, ...NOT_TOLD } };
}

const bySink = (list: readonly Held[]): Map<string, Held> =>
  new Map(list.map((one) => [one.sharing.sink.id ?? "", one]));
