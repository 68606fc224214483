/**
 * The situation at one moment of a history: sandbox, state, credentials, and the creator of each connection.
 */
import type { Sandbox, SandboxConnection } from "../../sandbox/src/index.js";
import { listSavedConnections, type SavedResource } from "./saved-resource.js";
import { ORG_BY_SOURCE, SOURCES, type RunMove, type SourceName } from "./moves.js";
import type { Program } from "./program.js";
import type { Stats } from "./stats.js";

/** The methods of the sandbox that a scenario uses. */
export type ScenarioSandbox = Pick<
  Sandbox,
  | "url"
  | "organizations"
  | "getOrganization"
  | "requests"
  | "listConnections"
  | "connect"
  | "disconnect"
  | "changeTypes"
  | "rotateKeys"
  | "setPermissions"
  | "setFeature"
  | "issuer"
  | "mapIdentity"
  | "fail"
  | "clearFaults"
  | "reset"
>;

/** The stack's state, as the engine saves it after each step. */
export interface StackState {
  resources: Map<string, SavedResource>;
  /** Replaced resources that are pending deletion. */
  pendingDeletes: { name: string; saved: SavedResource }[];
  /** Operations that an interruption left pending. Only the real engine has them. */
  pendingOperations?: number;
}

/** One error of a run, as the user sees it. */
export interface RunError {
  resource: string;
  call: string;
  code: string;
  message: string;
}

/** The result of an operation. */
export interface OperationResult {
  errors: RunError[];
  interrupted: boolean;
  /** The planned changes of a preview, by resource. */
  differences: Map<string, string>;
  /** The count of write requests. */
  writes: number;
}

/** Runs an operation on the simulated or on the real engine. */
export type OperationRunner = (scenario: Scenario, move: RunMove) => Promise<OperationResult>;

/** One `POST` that was sent, and its outcome as the client knows it. */
export interface CreateRequest {
  pair: string;
  outcome: "outstanding" | "created" | "unknown" | "refused";
  id?: string;
  /** When the client timed out or got the response, by the clock of the sandbox. */
  endedAt?: number;
  /** The operation that sent it. */
  context: unknown;
  /** Whether it was outstanding when its operation was interrupted. */
  isInterrupted?: boolean;
}

/** A history violated a check. */
class Divergence extends Error {
  constructor(what: string, trace: readonly string[]) {
    super(`${what}\n  ${trace.join("\n  ")}`);
    this.name = "Divergence";
  }
}

/** The context of one history. */
export class Scenario {
  readonly program: Program = new Map();
  state: StackState = { resources: new Map(), pendingDeletes: [] };
  /** Keys that are not, or no longer, those of the organization with this name. */
  readonly wrongCredentials = new Map<SourceName, { apiKey: string; appKey: string }>();
  /** Names with a workload identity. Their keys are valid, at a lower level of the settings. */
  readonly identities = new Set<SourceName>();
  /**
   * Connections of other users, with the types they may have: the current ones, and those that an adoption
   * sets.
   */
  readonly others = new Map<string, Set<string>>();
  /** Connections that this program created or adopted. */
  readonly ours = new Set<string>();
  /** Connections of other users that exclusive sets may delete: the ids that the state listed before. */
  readonly mayDelete = new Set<string>();
  /** Connections that the official provider has deleted or does not find gone, whatever else manages them. */
  readonly deletedByOfficial = new Set<string>();
  readonly createRequests: CreateRequest[] = [];
  /** Pairs of incomplete creates: interrupted, or reported with an unknown outcome. */
  readonly uncertainCreates = new Set<string>();
  /** Pairs that outstanding calls may create or adopt, by call. */
  readonly creating = new Map<Promise<unknown>, readonly string[]>();
  /** Calls that continue after their run was interrupted. */
  readonly outstanding = new Set<Promise<unknown>>();
  /** Until when a write of an earlier operation may still take effect, by `performance.now()`. */
  lateUntil = 0;
  readonly trace: string[] = [];

  constructor(
    readonly sandbox: ScenarioSandbox,
    readonly stats: Stats,
    readonly runOperation: OperationRunner,
  ) {}

  log(line: string): void {
    this.trace.push(line);
  }

  fail(what: string): never {
    throw new Divergence(what, [
      ...this.trace,
      `live: ${this.listLive().map(createConnectionFormatter(this)).join("; ") || "nothing"}`,
    ]);
  }

  listLive(): SandboxConnection[] {
    return this.sandbox.listConnections();
  }

  findLiveById(id: string): SandboxConnection | undefined {
    return this.listLive().find((row) => row.id === id);
  }

  findLive(pair: string): SandboxConnection | undefined {
    return this.listLive().find((row) => this.formatPair(row) === pair);
  }

  /** Formats the pair of a live connection like `formatPair` of the program. */
  formatPair({ sourceOrgId, sinkOrgId }: Pick<SandboxConnection, "sourceOrgId" | "sinkOrgId">): string {
    return `${this.getKey(sourceOrgId)} → ${this.getKey(sinkOrgId)}`;
  }

  getKey(id: string): string {
    return this.sandbox.organizations.find((organization) => organization.id === id)?.key ?? id;
  }

  /** The ids in the state, including pending deletions. */
  getSavedIds(): Set<string> {
    const { resources, pendingDeletes } = this.state;
    return new Set(
      [...resources.values(), ...pendingDeletes.map(({ saved }) => saved)]
        .flatMap(listSavedConnections)
        .map(({ id }) => id),
    );
  }

  /** Whether a write of an earlier operation may still take effect. */
  hasLateWrites(): boolean {
    return this.outstanding.size > 0 || performance.now() < this.lateUntil;
  }

  /** The keys in the environment for a name. */
  getKeyPair(source: SourceName): { apiKey: string; appKey: string } {
    const { apiKey, appKey } =
      this.wrongCredentials.get(source) ?? this.sandbox.getOrganization(ORG_BY_SOURCE[source]);
    return { apiKey, appKey };
  }

  /** Maps the identity of a name to an account of its organization. */
  mapIdentity(source: SourceName): void {
    const identity = { type: "jwt", claims: {} } as const;
    this.sandbox.mapIdentity({ organization: ORG_BY_SOURCE[source], identity });
  }

  /** Restores the correct keys, identities, permissions and features. */
  restoreAccess(): void {
    this.wrongCredentials.clear();
    for (const source of this.identities) this.mapIdentity(source);
    for (const { key } of this.sandbox.organizations) {
      if (!SOURCES.some((source) => ORG_BY_SOURCE[source] === key)) continue;
      this.sandbox.setPermissions(key, ["org_connections_read", "org_connections_write"]);
      this.sandbox.setFeature(key, true);
    }
  }
}

/** Parses the code at the end of an error message. */
export function parseCode(message: string): string | undefined {
  return /\[([a-z-]+)\]$/.exec(message)?.[1];
}

/** Formats a set of types as one string. */
export function formatTypes(types: readonly string[]): string {
  return [...types].sort().join("+");
}

/** Creates the formatter of live connections in traces. */
export function createConnectionFormatter(scenario: Scenario): (row: SandboxConnection) => string {
  return (row) => {
    const owner = scenario.others.has(row.id) ? "others'" : scenario.ours.has(row.id) ? "ours" : "new";
    return `${row.id.slice(0, 8)} ${scenario.formatPair(row)} (${formatTypes(row.connectionTypes)}, ${owner})`;
  };
}
