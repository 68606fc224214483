/** The program of a history: what it declares, and how its author changes it. */
import type { Wanted, WantedSet } from "../../core/src/index.js";
import { changeSets } from "./program-sets.js";
import {
  MEMBER_TYPES,
  ORG_OF,
  RESOURCE_NAMES,
  SET_NAMES,
  SINKS,
  SOURCES,
  TYPE_SETS,
  type ProgramMove,
  type SinkName,
  type SourceName,
} from "./moves.js";
import type { SceneSandbox } from "./scene.js";

interface Common {
  source: SourceName;
  adopt: boolean;
  /** The resource option `deleteBeforeReplace`. */
  dbr: boolean;
}

/** One declared connection. */
export interface DeclaredSingle extends Common {
  sink: SinkName;
  types: readonly string[] | undefined;
}

/** One declared set: by destination, its types. */
export interface DeclaredSet extends Common {
  members: ReadonlyMap<SinkName, readonly string[]>;
  exclusive: boolean;
}

/** One declared resource. */
export type Declared = DeclaredSingle | DeclaredSet;

/** By resource name, in the order in which they are registered. Sets have names that no single connection has. */
export type Program = Map<string, Declared>;

/** One pair that a resource declares. */
export interface DeclaredRow {
  sink: SinkName;
  /** In the form of {@link pairOf}. */
  pair: string;
  types: readonly string[] | undefined;
}

export const isSet = (declared: Declared): declared is DeclaredSet => "members" in declared;

/** The element at a number, whatever its size. */
export function pick<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  if (found === undefined && list.length === 0) throw new Error("nothing to pick from");
  return found as T;
}

/** The organizations of a pair, by their keys in the sandbox. */
export function pairOf({ source, sink }: { source: SourceName; sink: string }): string {
  return `${ORG_OF[source]} → ${sink}`;
}

/** Every pair that the resource declares. */
export function declaredRows(declared: Declared): DeclaredRow[] {
  const { source } = declared;
  const rows = isSet(declared) ? [...declared.members] : [[declared.sink, declared.types] as const];
  return rows.map(([sink, types]) => ({ sink, types, pair: pairOf({ source, sink }) }));
}

/** The resource's inputs as the engine hands them over. */
export function inputsOf(
  sandbox: Pick<SceneSandbox, "organization">,
  declared: Declared,
): Wanted | WantedSet {
  const { source, adopt } = declared;
  if (!isSet(declared)) {
    const { sink, types } = declared;
    const sinkOrgId = sandbox.organization(sink).id;
    return { source, sinkOrgId, ...(types && { connectionTypes: [...types] }), ...(adopt && { adopt }) };
  }
  const entries = [...declared.members].map(([sink, types]) => [sandbox.organization(sink).id, [...types]]);
  return {
    source,
    connections: Object.fromEntries(entries) as Record<string, string[]>,
    ...(declared.exclusive && { exclusive: true }),
    ...(adopt && { adopt }),
  };
}

/** Makes the change, unless the program would then be one that its constructors refuse. True when it changed. */
export function change(program: Program, move: ProgramMove): boolean {
  const changed = changed_(program, move);
  if (!changed || !isSound(changed)) return false;
  program.clear();
  for (const [name, declared] of changed) program.set(name, declared);
  return true;
}

function changed_(program: Program, move: ProgramMove): Program | undefined {
  const next: Program = new Map(program);
  if (move.kind === "add") {
    const { adopt, dbr } = move;
    const name = pick(RESOURCE_NAMES, move.name);
    if (program.has(name)) return undefined;
    const ends = { source: pick(SOURCES, move.source), sink: pick(SINKS, move.sink) };
    return next.set(name, { ...ends, types: pick(TYPE_SETS, move.types), adopt, dbr });
  }
  if (move.kind === "add-set" || move.kind === "to-set") return changeSets(next, move);
  if (program.size === 0) return undefined;
  const [name, declared] = pick([...program], move.at);
  switch (move.kind) {
    case "remove":
      next.delete(name);
      return next;
    case "rename": {
      const other = pick<string>(isSet(declared) ? SET_NAMES : RESOURCE_NAMES, move.name);
      if (program.has(other)) return undefined;
      return new Map([...program].map(([key, value]) => [key === name ? other : key, value]));
    }
    case "swap": {
      const [other, partner] = pick([...program], move.with);
      if (other === name || isSet(partner) !== isSet(declared)) return undefined;
      next.set(name, { ...declared, ...endsOf(partner) });
      return next.set(other, { ...partner, ...endsOf(declared) });
    }
    case "types":
      if (isSet(declared)) return next.set(name, withTypes(declared, move.types));
      return next.set(name, { ...declared, types: pick(TYPE_SETS, move.types) });
    case "sink":
      if (isSet(declared)) return next.set(name, toggled(declared, pick(SINKS, move.sink)));
      return next.set(name, { ...declared, sink: pick(SINKS, move.sink) });
    case "source":
      return next.set(name, { ...declared, source: pick(SOURCES, move.source) });
    case "adopt":
      return next.set(name, { ...declared, adopt: move.adopt });
    case "dbr":
      return next.set(name, { ...declared, dbr: move.dbr });
    case "exclusive":
    case "to-singles":
      return changeSets(next, move);
  }
}

/** What a swap exchanges: the whole pair, or the organization whose set it is. */
function endsOf(declared: Declared): Partial<DeclaredSingle> {
  const { source } = declared;
  return isSet(declared) ? { source } : { source, sink: declared.sink };
}

function withTypes(declared: DeclaredSet, at: number): DeclaredSet {
  if (declared.members.size === 0) return declared;
  const sink = pick([...declared.members.keys()], at);
  return { ...declared, members: new Map(declared.members).set(sink, pick(MEMBER_TYPES, at)) };
}

function toggled(declared: DeclaredSet, sink: SinkName): DeclaredSet {
  const members = new Map(declared.members);
  if (!members.delete(sink)) members.set(sink, ["logs"]);
  return { ...declared, members };
}

/** No pair twice, none from an organization to itself, and nothing beside an exclusive set of the same organization. */
function isSound(program: Program): boolean {
  const all = [...program.values()];
  const pairs = all.flatMap(declaredRows).map(({ pair }) => pair);
  const isAlone = (declared: Declared) =>
    all.filter(({ source }) => ORG_OF[source] === ORG_OF[declared.source]).length === 1;
  return (
    new Set(pairs).size === pairs.length &&
    all.every((declared) => declaredRows(declared).every(({ sink }) => ORG_OF[declared.source] !== sink)) &&
    all.every((declared) => !isSet(declared) || !declared.exclusive || isAlone(declared))
  );
}
