/** The program of a history: its declarations, and how its author changes them. */
import type { Inputs, SetInputs } from "../../core/src/index.js";
import { changeSets } from "./program-sets.js";
import {
  MEMBER_TYPES,
  ORG_BY_SOURCE,
  RESOURCE_NAMES,
  SET_NAMES,
  DESTINATIONS,
  SOURCES,
  TYPE_SETS,
  type ProgramMove,
  type SinkName,
  type SourceName,
} from "./moves.js";
import type { ScenarioSandbox } from "./scenario.js";

interface CommonInputs {
  source: SourceName;
  adopt: boolean;
  /** The resource option `deleteBeforeReplace`. */
  dbr: boolean;
}

/** One declared connection. */
export interface DeclaredSingle extends CommonInputs {
  sink: SinkName;
  types: readonly string[] | undefined;
}

/** One declared set: the types by destination. */
export interface DeclaredSet extends CommonInputs {
  members: ReadonlyMap<SinkName, readonly string[]>;
  exclusive: boolean;
}

/** One declared resource. */
export type DeclaredResource = DeclaredSingle | DeclaredSet;

/** Declared resources by name, in registration order. Names of sets and of single connections differ. */
export type Program = Map<string, DeclaredResource>;

/** One pair that a resource declares. */
export interface DeclaredConnection {
  sink: SinkName;
  /** Formatted by {@link formatPair}. */
  pair: string;
  types: readonly string[] | undefined;
}

export const isSet = (declared: DeclaredResource): declared is DeclaredSet => "members" in declared;

/** Returns the element at an index, modulo the length of the list. */
export function pick<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  if (found === undefined && list.length === 0) throw new Error("nothing to pick from");
  return found as T;
}

/** Formats a pair by the keys of its organizations in the sandbox. */
export function formatPair({ source, sink }: { source: SourceName; sink: string }): string {
  return `${ORG_BY_SOURCE[source]} → ${sink}`;
}

/** Lists every pair that the resource declares. */
export function listDeclaredConnections(declared: DeclaredResource): DeclaredConnection[] {
  const { source } = declared;
  const rows = isSet(declared) ? [...declared.members] : [[declared.sink, declared.types] as const];
  return rows.map(([sink, types]) => ({ sink, types, pair: formatPair({ source, sink }) }));
}

/** Converts a declared resource to the inputs that the engine passes. */
export function toInputs(
  sandbox: Pick<ScenarioSandbox, "getOrganization">,
  declared: DeclaredResource,
): Inputs | SetInputs {
  const { source, adopt } = declared;
  if (!isSet(declared)) {
    const { sink, types } = declared;
    const sinkOrgId = sandbox.getOrganization(sink).id;
    return { source, sinkOrgId, ...(types && { connectionTypes: [...types] }), ...(adopt && { adopt }) };
  }
  const entries = [...declared.members].map(([sink, types]) => [
    sandbox.getOrganization(sink).id,
    [...types],
  ]);
  return {
    source,
    connections: Object.fromEntries(entries) as Record<string, string[]>,
    ...(declared.exclusive && { exclusive: true }),
    ...(adopt && { adopt }),
  };
}

/**
 * Applies the change, unless the resource constructors would reject the resulting program. Returns whether
 * the program changed.
 */
export function applyProgramMove(program: Program, move: ProgramMove): boolean {
  const changed = createChangedProgram(program, move);
  if (!changed || !isValid(changed)) return false;
  program.clear();
  for (const [name, declared] of changed) program.set(name, declared);
  return true;
}

function createChangedProgram(program: Program, move: ProgramMove): Program | undefined {
  const next: Program = new Map(program);
  if (move.kind === "add") {
    const { adopt, dbr } = move;
    const name = pick(RESOURCE_NAMES, move.name);
    if (program.has(name)) return undefined;
    const ends = { source: pick(SOURCES, move.source), sink: pick(DESTINATIONS, move.sink) };
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
      next.set(name, { ...declared, ...getEndpoints(partner) });
      return next.set(other, { ...partner, ...getEndpoints(declared) });
    }
    case "types":
      if (isSet(declared)) return next.set(name, changeTypes(declared, move.types));
      return next.set(name, { ...declared, types: pick(TYPE_SETS, move.types) });
    case "sink":
      if (isSet(declared)) return next.set(name, toggleSink(declared, pick(DESTINATIONS, move.sink)));
      return next.set(name, { ...declared, sink: pick(DESTINATIONS, move.sink) });
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

/** The inputs that a swap exchanges: source and destination, or the source of a set. */
function getEndpoints(declared: DeclaredResource): Partial<DeclaredSingle> {
  const { source } = declared;
  return isSet(declared) ? { source } : { source, sink: declared.sink };
}

function changeTypes(declared: DeclaredSet, at: number): DeclaredSet {
  if (declared.members.size === 0) return declared;
  const sink = pick([...declared.members.keys()], at);
  return { ...declared, members: new Map(declared.members).set(sink, pick(MEMBER_TYPES, at)) };
}

function toggleSink(declared: DeclaredSet, sink: SinkName): DeclaredSet {
  const members = new Map(declared.members);
  if (!members.delete(sink)) members.set(sink, ["logs"]);
  return { ...declared, members };
}

/**
 * Whether each pair is declared once, none connects an organization to itself, and an exclusive set is the
 * only resource of its organization.
 */
function isValid(program: Program): boolean {
  const all = [...program.values()];
  const pairs = all.flatMap(listDeclaredConnections).map(({ pair }) => pair);
  const isAlone = (declared: DeclaredResource) =>
    all.filter(({ source }) => ORG_BY_SOURCE[source] === ORG_BY_SOURCE[declared.source]).length === 1;
  return (
    new Set(pairs).size === pairs.length &&
    all.every((declared) =>
      listDeclaredConnections(declared).every(({ sink }) => ORG_BY_SOURCE[declared.source] !== sink),
    ) &&
    all.every((declared) => !isSet(declared) || !declared.exclusive || isAlone(declared))
  );
}
