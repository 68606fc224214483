/** The fixed catalog of operations into which each single fault is put: what is there before, what changes, what is run. */
import type { Fault } from "../../sandbox/src/index.js";
import { PLAIN } from "../histories/operation.js";
import type { RunMove, SinkName, SourceName } from "../histories/moves.js";
import type { DeclaredSet, DeclaredSingle } from "../histories/program.js";
import { typesText, type Scene } from "../histories/scene.js";

/** One operation of the catalog. */
export interface CatalogOperation {
  name: string;
  /** What the program declares before, which is put up without a fault, and what others have made. */
  given: (scene: Scene) => void;
  /** Faults that meet the first `up`, so that it is done in part. */
  firstFaults?: (scene: Scene) => Fault[];
  /** What changes afterwards, in the program or behind its back. */
  change: (scene: Scene) => void;
  run: Partial<Pick<RunMove, "command" | "preview" | "adoptAll" | "replace">>;
  /** Whether it deletes before it replaces: an error among such deletions ends the engine's run. */
  deletesFirst?: boolean;
  /** The code of the error with which the operation ends even without a fault. */
  endsWith?: string;
}

/** How the operation of a catalog entry is run: one call at a time, so that its requests have a fixed order. */
export const runOf = ({ run }: CatalogOperation): RunMove => ({ ...PLAIN, ...run });

const OTHER_USER = {
  id: "cccccccc-0001-4000-8000-000000000001",
  handle: "colleague@example.com",
  email: "colleague@example.com",
  name: "A Colleague",
};

function declare(scene: Scene, name: string, sink: SinkName, more: Partial<DeclaredSingle> = {}): void {
  scene.program.set(name, { source: "payments", sink, types: ["logs"], adopt: false, dbr: false, ...more });
}

function declareSet(
  scene: Scene,
  name: string,
  members: Partial<Record<SinkName, readonly string[]>>,
  more: Partial<DeclaredSet> = {},
): void {
  const entries = Object.entries(members) as [SinkName, readonly string[]][];
  const rest = { source: "payments" as const, exclusive: false, adopt: false, dbr: false, ...more };
  scene.program.set(name, { ...rest, members: new Map(entries) });
}

/** A connection that somebody else has made. */
function connectOthers(
  scene: Scene,
  source: SourceName,
  sink: SinkName | SourceName,
  types: readonly string[] = ["logs"],
): string {
  const id = scene.sandbox.connect({ source, sink, connectionTypes: [...types], createdBy: OTHER_USER });
  scene.others.set(id, new Set([typesText(types)]));
  return id;
}

function liveId(scene: Scene, pair: string): string {
  const live = scene.liveOf(pair);
  if (!live) throw new Error(`${pair} is not live`);
  return live.id;
}

/** The name `payments` gets the keys of another organization. They work, and see none of its connections. */
function confuseKeys(scene: Scene): void {
  const { apiKey, appKey } = scene.sandbox.organization("checkout");
  scene.wrongKeys.set("payments", { apiKey, appKey });
}

const nothing = (): void => undefined;
const one = (scene: Scene) => declare(scene, "a", "observability");
const two = (scene: Scene) => {
  one(scene);
  declare(scene, "b", "security", { types: ["audit", "logs"] });
};
const LOGS = ["logs"];

export const catalog: readonly CatalogOperation[] = [
  { name: "create", given: nothing, change: two, run: { command: "up" } },
  {
    name: "create without types",
    given: nothing,
    change: (scene) => declare(scene, "a", "observability", { types: undefined }),
    run: { command: "up" },
  },
  {
    name: "update",
    given: two,
    change: (scene) => declare(scene, "a", "observability", { types: ["audit", "metrics"] }),
    run: { command: "up" },
  },
  {
    name: "replace, create first",
    given: two,
    change: (scene) => declare(scene, "a", "search"),
    run: { command: "up" },
  },
  {
    name: "replace, delete first",
    given: (scene) => {
      declare(scene, "a", "observability", { dbr: true });
      declare(scene, "b", "security");
    },
    change: (scene) => declare(scene, "a", "search", { dbr: true }),
    run: { command: "up" },
    deletesFirst: true,
  },
  {
    name: "replace of the same pair, delete first",
    given: (scene) => declare(scene, "a", "observability", { dbr: true }),
    change: nothing,
    run: { command: "up", replace: 0 },
    deletesFirst: true,
  },
  { name: "delete", given: two, change: (scene) => scene.program.delete("a"), run: { command: "up" } },
  { name: "destroy", given: two, change: nothing, run: { command: "destroy" } },
  {
    name: "adopt",
    given: (scene) => void connectOthers(scene, "payments", "observability"),
    change: (scene) => declare(scene, "a", "observability", { adopt: true }),
    run: { command: "up" },
  },
  {
    name: "adopt and change the types",
    given: (scene) => void connectOthers(scene, "payments", "observability"),
    change: (scene) => declare(scene, "a", "observability", { adopt: true, types: ["metrics"] }),
    run: { command: "up" },
  },
  {
    name: "create where others hold the pair, without adopt",
    given: (scene) => void connectOthers(scene, "payments", "observability"),
    change: one,
    // A preview would refuse it already, and a fault meets only one of the two.
    run: { command: "up", preview: false },
    endsWith: "pair-exists",
  },
  {
    name: "create with another organization's keys",
    given: nothing,
    change: (scene) => {
      one(scene);
      confuseKeys(scene);
    },
    run: { command: "up" },
    endsWith: "wrong-organization",
  },
  {
    name: "delete with another organization's keys",
    given: two,
    change: confuseKeys,
    run: { command: "destroy" },
    endsWith: "wrong-organization",
  },
  {
    name: "refresh with another organization's keys",
    given: two,
    change: confuseKeys,
    run: { command: "refresh" },
    endsWith: "wrong-organization",
  },
  { name: "refresh", given: two, change: nothing, run: { command: "refresh" } },
  { name: "up --refresh", given: two, change: nothing, run: { command: "up --refresh" } },
  {
    name: "drift of types repaired",
    given: two,
    change: (scene) => scene.sandbox.changeTypes(liveId(scene, "payments → observability"), ["audit"]),
    run: { command: "up --refresh" },
  },
  {
    name: "a deleted connection repaired",
    given: two,
    change: (scene) => {
      const id = liveId(scene, "payments → observability");
      scene.sandbox.disconnect(id);
      scene.ours.delete(id);
    },
    run: { command: "up --refresh" },
  },
  {
    name: "set: create",
    given: nothing,
    change: (scene) => declareSet(scene, "S", { observability: LOGS, security: ["audit"], search: LOGS }),
    run: { command: "up" },
  },
  {
    name: "set: add, change and remove members",
    given: (scene) => declareSet(scene, "S", { observability: LOGS, security: LOGS }),
    change: (scene) => declareSet(scene, "S", { observability: ["metrics"], search: LOGS }),
    run: { command: "up" },
  },
  {
    name: "set: delete",
    given: (scene) => {
      declareSet(scene, "S", { observability: LOGS, security: LOGS });
      declare(scene, "a", "observability", { source: "checkout" });
    },
    change: (scene) => scene.program.delete("S"),
    run: { command: "up" },
  },
  {
    name: "set: complete what was done in part",
    given: (scene) => declareSet(scene, "S", { observability: LOGS, security: LOGS, search: LOGS }),
    firstFaults: (scene) => [
      {
        on: { route: "createConnection", sinkOrgId: scene.sandbox.organization("security").id },
        times: Infinity,
        moment: "before",
        what: { kind: "status", status: 400, body: { errors: ["refused"] } },
      },
    ],
    change: (scene) => declareSet(scene, "S", { observability: ["metrics"], security: LOGS, search: LOGS }),
    run: { command: "up" },
  },
  {
    name: "set: refresh",
    given: (scene) => declareSet(scene, "S", { observability: LOGS, security: LOGS }),
    change: (scene) => scene.sandbox.changeTypes(liveId(scene, "payments → security"), ["audit"]),
    run: { command: "up --refresh" },
  },
  {
    name: "exclusive set: update beside what others have",
    given: (scene) => {
      connectOthers(scene, "checkout", "payments");
      declareSet(scene, "S", { observability: LOGS }, { exclusive: true });
    },
    change: (scene) => {
      connectOthers(scene, "payments", "security");
      declareSet(scene, "S", { observability: ["metrics"] }, { exclusive: true });
    },
    run: { command: "up" },
  },
  {
    name: "exclusive set: finds what it does not declare",
    given: (scene) => {
      declareSet(scene, "S", { observability: LOGS }, { exclusive: true });
    },
    change: (scene) => void connectOthers(scene, "payments", "security"),
    run: { command: "up --refresh" },
  },
  {
    name: "exclusive set: declares what it has found",
    given: (scene) => {
      connectOthers(scene, "payments", "security");
      declareSet(scene, "S", { observability: LOGS }, { exclusive: true });
    },
    change: (scene) =>
      declareSet(scene, "S", { observability: LOGS, security: LOGS }, { exclusive: true, adopt: true }),
    run: { command: "up" },
  },
  {
    name: "rename without an alias, adopting",
    given: two,
    change: (scene) => {
      scene.program.delete("a");
      declare(scene, "c", "observability", { adopt: true });
    },
    run: { command: "up" },
  },
  {
    name: "swap of two sinks",
    given: (scene) => {
      declare(scene, "a", "observability", { adopt: true });
      declare(scene, "b", "security", { adopt: true });
    },
    change: (scene) => {
      declare(scene, "a", "security", { adopt: true });
      declare(scene, "b", "observability", { adopt: true });
    },
    run: { command: "up" },
  },
  {
    name: "move from single resources into a set",
    given: two,
    change: (scene) => {
      scene.program.clear();
      declareSet(scene, "S", { observability: LOGS, security: ["audit", "logs"] }, { adopt: true });
    },
    run: { command: "up" },
  },
  {
    name: "move from a set to single resources",
    given: (scene) => declareSet(scene, "S", { observability: LOGS, security: LOGS }),
    change: (scene) => {
      scene.program.clear();
      declare(scene, "a", "observability", { adopt: true });
      declare(scene, "b", "security", { adopt: true });
    },
    run: { command: "up" },
  },
  {
    name: "rotated keys",
    given: two,
    change: (scene) => {
      scene.sandbox.rotateKeys("payments");
      declare(scene, "a", "observability", { types: ["metrics"] });
    },
    run: { command: "up --refresh" },
  },
  {
    name: "rename of a source that leads to the same organization",
    given: two,
    change: (scene) => declare(scene, "a", "observability", { source: "pay" }),
    run: { command: "up" },
  },
];
