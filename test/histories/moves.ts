/**
 * The moves of a history as plain data: what the author of the program, Pulumi, other users and faults can
 * do.
 */
import type { Fault, FaultAction } from "../../sandbox/src/index.js";

/** Names of source organizations in the program. Two of them refer to the same organization. */
export const SOURCES = ["payments", "pay", "checkout", "search"] as const;
export type SourceName = (typeof SOURCES)[number];
/** The organization of the sandbox for each name. */
export const ORG_BY_SOURCE: Record<SourceName, string> = {
  payments: "payments",
  pay: "payments",
  checkout: "checkout",
  search: "search",
};
/** Names with a configured `id`: keys of another organization are detected before the first write. */
export const SOURCES_WITH_ID: readonly SourceName[] = ["payments", "pay", "checkout"];
export const DESTINATIONS = ["observability", "security", "search"] as const;
export type SinkName = (typeof DESTINATIONS)[number];
export const RESOURCE_NAMES = ["a", "b", "c", "d", "e"] as const;
export const SET_NAMES = ["S", "T", "U"] as const;
export const TYPE_SETS: readonly (readonly string[] | undefined)[] = [
  ["logs"],
  ["metrics"],
  ["logs", "metrics"],
  ["audit", "logs"],
  undefined,
];
/** A set always specifies the types. */
export const MEMBER_TYPES: readonly (readonly string[])[] = TYPE_SETS.filter((types) => types !== undefined);

/** A change of the program. Numbers are indexes, modulo the length of the list. */
export type ProgramMove =
  | { kind: "add"; name: number; source: number; sink: number; types: number; adopt: boolean; dbr: boolean }
  | { kind: "remove"; at: number }
  /** A new name without an alias. */
  | { kind: "rename"; at: number; name: number }
  | { kind: "swap"; at: number; with: number }
  | { kind: "types"; at: number; types: number }
  | { kind: "sink"; at: number; sink: number }
  | { kind: "source"; at: number; source: number }
  | { kind: "adopt"; at: number; adopt: boolean }
  | { kind: "dbr"; at: number; dbr: boolean }
  | SetMove;

/**
 * A change of sets. For a set, `sink` adds or removes a destination, and `types` changes the types of one.
 */
export type SetMove =
  | {
      kind: "add-set";
      name: number;
      source: number;
      /** The types for each of {@link DESTINATIONS}, or undefined. */
      members: readonly (number | undefined)[];
      exclusive: boolean;
      adopt: boolean;
      dbr: boolean;
    }
  | { kind: "exclusive"; at: number; exclusive: boolean }
  /** Moves all single connections of one source into a new or existing set, as described in docs/reference/resources.md. */
  | { kind: "to-set"; at: number; name: number }
  /** Replaces a set by single connections, as described in docs/reference/resources.md. */
  | { kind: "to-singles"; at: number };

/** Changes by other users in Datadog. */
export type DriftMove =
  | { kind: "change-types"; at: number; types: number }
  | { kind: "disconnect"; at: number }
  | { kind: "connect"; source: number; sink: number; types: number; sameUser: boolean }
  | { kind: "reconnect"; at: number; types: number };

/** Changes to credentials and permissions. They last until `restore`, or until the end. */
export type AccessMove =
  | { kind: "rotate"; org: number; known: boolean }
  | { kind: "foreign-keys"; source: number; of: number }
  | { kind: "permissions"; org: number; left: "none" | "read" }
  | { kind: "feature-off"; org: number }
  | { kind: "restore" };

/** Kills the run at its `call`-th call: before the call, or `afterMs` milliseconds after its start. */
export interface Interruption {
  call: number;
  midway: boolean;
  afterMs: number;
  /** Kills the run while this request is outstanding (counted from 0), instead of the above. */
  request?: number;
}

/** One engine operation. */
export interface RunMove {
  kind: "run";
  command: "up" | "up --refresh" | "refresh" | "preview" | "destroy";
  preview: boolean;
  continueOnError: boolean;
  parallel: boolean;
  adoptAll: boolean;
  /** The resource passed to `--replace`. */
  replace: number | undefined;
  faults: Fault[];
  interruption: Interruption | undefined;
  /** What other users do just before the `call`-th call of the run. */
  concurrentDrift: { call: number; drift: DriftMove } | undefined;
}

export type Move = ProgramMove | DriftMove | AccessMove | RunMove;

/** A complete history, and the options of the recovery at its end. */
export interface History {
  moves: Move[];
  recovery: { oneCommand: boolean; continueOnError: boolean; parallel: boolean; yieldToOthers: boolean };
  destroy: boolean;
}

/** The name under which a fault is counted. */
export function getFaultName({ kind, ...rest }: FaultAction): string {
  return kind === "status" && "status" in rest ? `status ${String(rest.status)}` : kind;
}
