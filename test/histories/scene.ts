/** Everything that is true at one moment of a history: the service, the state, the keys, and who made what. */
import type { Sandbox, SandboxConnection } from "../../sandbox/src/index.js";
import { heldRows, type Held } from "./held.js";
import { ORG_OF, SOURCES, type RunMove, type SourceName } from "./moves.js";
import type { Program } from "./program.js";
import type { Stats } from "./stats.js";

/** What a scene uses of the sandbox. */
export type SceneSandbox = Pick<
  Sandbox,
  | "url"
  | "organizations"
  | "organization"
  | "requests"
  | "connections"
  | "connect"
  | "disconnect"
  | "changeTypes"
  | "rotateKeys"
  | "setPermissions"
  | "setFeature"
  | "fail"
  | "clearFaults"
  | "reset"
>;

/** The stack's state, as the engine saves it after each step. */
export interface State {
  resources: Map<string, Held>;
  /** Replaced ones whose deletion is still to come. */
  pendingDeletes: { name: string; held: Held }[];
  /** Operations that an interruption left half recorded: the real engine's only. */
  unfinished?: number;
}

/** One error of a run, as its user sees it. */
export interface RunError {
  resource: string;
  call: string;
  code: string;
  message: string;
}

/** What came of an operation. */
export interface Outcome {
  errors: RunError[];
  interrupted: boolean;
  /** What a preview says will be done, by resource. */
  differences: Map<string, string>;
  /** Requests that would change something. */
  writes: number;
}

/** Runs an operation: on the imitation of the engine, or on the real one. */
export type Operate = (scene: Scene, move: RunMove) => Promise<Outcome>;

/** One `POST` of ours that was sent, and what came of it as its sender saw it. */
export interface Post {
  pair: string;
  outcome: "under way" | "made" | "lost" | "refused";
  id?: string;
  /** When its sender gave up or heard, by the sandbox's clock. */
  endedAt?: number;
  /** The operation that sent it. */
  world: unknown;
  /** It was under way when its operation was interrupted. */
  isDropped?: boolean;
}

/** The history came to something that must not be. */
export class Divergence extends Error {
  constructor(what: string, trace: readonly string[]) {
    super(`${what}\n  ${trace.join("\n  ")}`);
    this.name = "Divergence";
  }
}

/** One history's world. */
export class Scene {
  readonly program: Program = new Map();
  state: State = { resources: new Map(), pendingDeletes: [] };
  /** Keys that are not those of the name's own organization, or are so no longer. */
  readonly wrongKeys = new Map<SourceName, { apiKey: string; appKey: string }>();
  /** Connections of other people, with the types they may have: theirs, and what an adoption on purpose sets. */
  readonly others = new Map<string, Set<string>>();
  /** Connections of ours: made or taken over. */
  readonly ours = new Set<string>();
  /** Others' that exclusive sets may end: the very ids that the state had shown before. */
  readonly mayEnd = new Set<string>();
  readonly posts: Post[] = [];
  /** Pairs of creates that were cut short: interrupted, or their outcome unknown and said so. */
  readonly cut = new Set<string>();
  /** Pairs that calls under way may create or take over, by call. */
  readonly creating = new Map<Promise<unknown>, readonly string[]>();
  /** Calls whose run was interrupted and that go on all the same. */
  readonly underWay = new Set<Promise<unknown>>();
  /** Until when a write of an earlier operation may still land, by `performance.now()`. */
  lateUntil = 0;
  readonly trace: string[] = [];

  constructor(
    readonly sandbox: SceneSandbox,
    readonly stats: Stats,
    readonly operate: Operate,
  ) {}

  log(line: string): void {
    this.trace.push(line);
  }

  fail(what: string): never {
    throw new Divergence(what, [
      ...this.trace,
      `live: ${this.live().map(shown(this)).join("; ") || "nothing"}`,
    ]);
  }

  live(): SandboxConnection[] {
    return this.sandbox.connections();
  }

  liveById(id: string): SandboxConnection | undefined {
    return this.live().find((row) => row.id === id);
  }

  liveOf(pair: string): SandboxConnection | undefined {
    return this.live().find((row) => this.pair(row) === pair);
  }

  /** The pair of a live connection, in the form of `pairOf`. */
  pair({ sourceOrgId, sinkOrgId }: Pick<SandboxConnection, "sourceOrgId" | "sinkOrgId">): string {
    return `${this.key(sourceOrgId)} → ${this.key(sinkOrgId)}`;
  }

  key(id: string): string {
    return this.sandbox.organizations.find((organization) => organization.id === id)?.key ?? id;
  }

  /** Ids that the state holds, pending deletions included. */
  heldIds(): Set<string> {
    const { resources, pendingDeletes } = this.state;
    return new Set(
      [...resources.values(), ...pendingDeletes.map(({ held }) => held)]
        .flatMap(heldRows)
        .map(({ id }) => id),
    );
  }

  /** Whether a write of an earlier operation may land from now on. */
  isLate(): boolean {
    return this.underWay.size > 0 || performance.now() < this.lateUntil;
  }

  /** The keys that the environment holds for a name. */
  keysOf(source: SourceName): { apiKey: string; appKey: string } {
    const { apiKey, appKey } = this.wrongKeys.get(source) ?? this.sandbox.organization(ORG_OF[source]);
    return { apiKey, appKey };
  }

  /** Right keys, permissions and features again. */
  restoreAccess(): void {
    this.wrongKeys.clear();
    for (const { key } of this.sandbox.organizations) {
      if (!SOURCES.some((source) => ORG_OF[source] === key)) continue;
      this.sandbox.setPermissions(key, ["org_connections_read", "org_connections_write"]);
      this.sandbox.setFeature(key, true);
    }
  }
}

/** The code at the end of a message of ours. */
export function codeOf(message: string): string | undefined {
  return /\[([a-z-]+)\]$/.exec(message)?.[1];
}

/** A set of types as one text. */
export function typesText(types: readonly string[]): string {
  return [...types].sort().join("+");
}

/** How traces show a live connection. */
export function shown(scene: Scene): (row: SandboxConnection) => string {
  return (row) => {
    const owner = scene.others.has(row.id) ? "others'" : scene.ours.has(row.id) ? "ours" : "new";
    return `${row.id.slice(0, 8)} ${scene.pair(row)} (${typesText(row.connectionTypes)}, ${owner})`;
  };
}
