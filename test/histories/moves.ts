/** The vocabulary of a history: what the program's author, Pulumi, other people and bad luck can do, as plain data. */
import type { Fault, FaultAction } from "../../sandbox/src/index.js";

/** Names by which a program calls its source organizations; two of them lead to one organization. */
export const SOURCES = ["payments", "pay", "checkout", "search"] as const;
export type SourceName = (typeof SOURCES)[number];
/** The sandbox's organization behind a name. */
export const ORG_OF: Record<SourceName, string> = {
  payments: "payments",
  pay: "payments",
  checkout: "checkout",
  search: "search",
};
/** Names whose organization's `id` is configured, so that keys of another one are told before a first write. */
export const WITH_ID: readonly SourceName[] = ["payments", "pay", "checkout"];
export const SINKS = ["observability", "security", "search"] as const;
export type SinkName = (typeof SINKS)[number];
export const RESOURCE_NAMES = ["a", "b", "c", "d", "e"] as const;
export const SET_NAMES = ["S", "T", "U"] as const;
export const TYPE_SETS: readonly (readonly string[] | undefined)[] = [
  ["logs"],
  ["metrics"],
  ["logs", "metrics"],
  ["audit", "logs"],
  undefined,
];
/** A set manages the types of each. */
export const MEMBER_TYPES: readonly (readonly string[])[] = TYPE_SETS.filter((types) => types !== undefined);

/** A change of the program's text. Numbers are taken modulo what there is. */
export type ProgramMove =
  | { kind: "add"; name: number; source: number; sink: number; types: number; adopt: boolean; dbr: boolean }
  | { kind: "remove"; at: number }
  /** Another name and no alias. */
  | { kind: "rename"; at: number; name: number }
  | { kind: "swap"; at: number; with: number }
  | { kind: "types"; at: number; types: number }
  | { kind: "sink"; at: number; sink: number }
  | { kind: "source"; at: number; source: number }
  | { kind: "adopt"; at: number; adopt: boolean }
  | { kind: "dbr"; at: number; dbr: boolean }
  | SetMove;

/** A change that has to do with sets. Of a set, `sink` adds or takes out a destination, and `types` changes one's. */
export type SetMove =
  | {
      kind: "add-set";
      name: number;
      source: number;
      /** For each of {@link SINKS}: nothing, or its types. */
      members: readonly (number | undefined)[];
      exclusive: boolean;
      adopt: boolean;
      dbr: boolean;
    }
  | { kind: "exclusive"; at: number; exclusive: boolean }
  /** All single connections of one source move into a set, an existing or a new one, as the README says. */
  | { kind: "to-set"; at: number; name: number }
  /** A set becomes single connections, as the README says. */
  | { kind: "to-singles"; at: number };

/** What other people do in the service. */
export type DriftMove =
  | { kind: "change-types"; at: number; types: number }
  | { kind: "disconnect"; at: number }
  | { kind: "connect"; source: number; sink: number; types: number; sameUser: boolean }
  | { kind: "reconnect"; at: number; types: number };

/** What happens to keys and rights. It lasts until `restore`, or the end. */
export type AccessMove =
  | { kind: "rotate"; org: number; known: boolean }
  | { kind: "foreign-keys"; source: number; of: number }
  | { kind: "permissions"; org: number; left: "none" | "read" }
  | { kind: "feature-off"; org: number }
  | { kind: "restore" };

/** The run stops dead at its `call`-th call: before it, or `afterMs` milliseconds into it. */
export interface Interruption {
  call: number;
  midway: boolean;
  afterMs: number;
  /** Killed while this request of the operation is under way, from 0, in place of the above. */
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
  /** `--replace` of this resource. */
  replace: number | undefined;
  faults: Fault[];
  interruption: Interruption | undefined;
  /** What others do just before the run's `call`-th call. */
  meanwhile: { call: number; drift: DriftMove } | undefined;
}

export type Move = ProgramMove | DriftMove | AccessMove | RunMove;

/** A whole history, and the choices of the recovery at its end. */
export interface History {
  moves: Move[];
  recovery: { oneCommand: boolean; continueOnError: boolean; parallel: boolean; yieldToOthers: boolean };
  destroy: boolean;
}

/** The name under which a fault is counted. */
export function faultName({ kind, ...rest }: FaultAction): string {
  return kind === "status" && "status" in rest ? `status ${String(rest.status)}` : kind;
}
