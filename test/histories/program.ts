/** The program of a history: what it declares, and how its author changes it. */
import type { Sandbox } from "../../provider/src/sandbox/index.js";
import type { Wanted } from "../../provider/src/lifecycle/index.js";
import {
  ORG_OF,
  RESOURCE_NAMES,
  SINKS,
  SOURCES,
  TYPE_SETS,
  type ProgramMove,
  type SinkName,
  type SourceName,
} from "./moves.js";

/** One declared resource. */
export interface Declared {
  source: SourceName;
  sink: SinkName;
  types: readonly string[] | undefined;
  adopt: boolean;
  /** The resource option `deleteBeforeReplace`. */
  dbr: boolean;
}

/** By resource name, in the order in which they are registered. */
export type Program = Map<string, Declared>;

/** The element at a number, whatever its size. */
export function pick<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  if (found === undefined && list.length === 0) throw new Error("nothing to pick from");
  return found as T;
}

/** The organizations of a pair, by their keys in the sandbox. */
export function pairOf({ source, sink }: Pick<Declared, "source" | "sink">): string {
  return `${ORG_OF[source]} → ${sink}`;
}

/** The resource's inputs as the engine hands them over. */
export function inputsOf(sandbox: Sandbox, { source, sink, types, adopt }: Declared): Wanted {
  return {
    source,
    sinkOrgId: sandbox.organization(sink).id,
    ...(types && { connectionTypes: [...types] }),
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
  if (program.size === 0) return undefined;
  const [name, declared] = pick([...program], move.at);
  switch (move.kind) {
    case "remove":
      next.delete(name);
      return next;
    case "rename": {
      const other = pick(RESOURCE_NAMES, move.name);
      if (program.has(other)) return undefined;
      return new Map([...program].map(([key, value]) => [key === name ? other : key, value]));
    }
    case "swap": {
      const [other, partner] = pick([...program], move.with);
      if (other === name) return undefined;
      next.set(name, { ...declared, source: partner.source, sink: partner.sink });
      return next.set(other, { ...partner, source: declared.source, sink: declared.sink });
    }
    case "types":
      return next.set(name, { ...declared, types: pick(TYPE_SETS, move.types) });
    case "sink":
      return next.set(name, { ...declared, sink: pick(SINKS, move.sink) });
    case "source":
      return next.set(name, { ...declared, source: pick(SOURCES, move.source) });
    case "adopt":
      return next.set(name, { ...declared, adopt: move.adopt });
    case "dbr":
      return next.set(name, { ...declared, dbr: move.dbr });
  }
}

/** No pair twice, none from an organization to itself. */
function isSound(program: Program): boolean {
  const pairs = [...program.values()].map(pairOf);
  return (
    new Set(pairs).size === pairs.length &&
    [...program.values()].every(({ source, sink }) => ORG_OF[source] !== sink)
  );
}
