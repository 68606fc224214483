/**
 * The catalog of operations that are tested with each single fault: the initial situation, the change, and
 * the command.
 */
import type { SinkName, SourceName } from "../histories/moves.js";
import { formatTypes, type Scenario } from "../histories/scenario.js";
import {
  declare,
  declareOne,
  declareSet,
  declareTwo,
  doNothing,
  type CatalogOperation,
} from "./catalog-operation.js";
import { identityOperations } from "./identity-operations.js";

const OTHER_USER = {
  id: "cccccccc-0001-4000-8000-000000000001",
  handle: "colleague@example.com",
  email: "colleague@example.com",
  name: "A Colleague",
};

/** Creates a connection as another user. */
function connectAsOtherUser(
  scenario: Scenario,
  source: SourceName,
  sink: SinkName | SourceName,
  types: readonly string[] = ["logs"],
): string {
  const id = scenario.sandbox.connect({ source, sink, connectionTypes: [...types], createdBy: OTHER_USER });
  scenario.others.set(id, new Set([formatTypes(types)]));
  return id;
}

function getLiveId(scenario: Scenario, pair: string): string {
  const live = scenario.findLive(pair);
  if (!live) throw new Error(`${pair} is not live`);
  return live.id;
}

/**
 * Gives the name `payments` the keys of another organization. They are valid, but list none of its
 * connections.
 */
function useWrongKeys(scenario: Scenario): void {
  const { apiKey, appKey } = scenario.sandbox.getOrganization("checkout");
  scenario.wrongCredentials.set("payments", { apiKey, appKey });
}

const LOGS = ["logs"];
/**
 * Once the first connection is created or changed, the checks of the others send no requests. The second source has a configured
 * id, the third has none. The second has its own destination: with the credentials of the first, it would declare the same pair.
 */
const declareThreeSources = (scenario: Scenario, types: readonly string[]) => {
  declare(scenario, "a", "observability", { source: "checkout", types });
  declare(scenario, "b", "security", { source: "payments", types });
  declare(scenario, "c", "observability", { source: "search", types });
};

export const catalog: readonly CatalogOperation[] = [
  { name: "create", setUp: doNothing, change: declareTwo, run: { command: "up" } },
  {
    name: "create without types",
    setUp: doNothing,
    change: (scenario) => declare(scenario, "a", "observability", { types: undefined }),
    run: { command: "up" },
  },
  {
    name: "update",
    setUp: declareTwo,
    change: (scenario) => declare(scenario, "a", "observability", { types: ["audit", "metrics"] }),
    run: { command: "up" },
  },
  {
    name: "replace, create first",
    setUp: declareTwo,
    change: (scenario) => declare(scenario, "a", "search"),
    run: { command: "up" },
  },
  {
    name: "replace, delete first",
    setUp: (scenario) => {
      declare(scenario, "a", "observability", { dbr: true });
      declare(scenario, "b", "security");
    },
    change: (scenario) => declare(scenario, "a", "search", { dbr: true }),
    run: { command: "up" },
    deletesFirst: true,
  },
  {
    name: "replace of the same pair, delete first",
    setUp: (scenario) => declare(scenario, "a", "observability", { dbr: true }),
    change: doNothing,
    run: { command: "up", replace: 0 },
    deletesFirst: true,
    // The engine does not pass the option `deleteBeforeReplace` to the plugin, so the preview check finds the pair.
    plugin: { expectedError: "pair-exists" },
  },
  {
    name: "delete",
    setUp: declareTwo,
    change: (scenario) => scenario.program.delete("a"),
    run: { command: "up" },
  },
  { name: "destroy", setUp: declareTwo, change: doNothing, run: { command: "destroy" } },
  {
    name: "adopt",
    setUp: (scenario) => void connectAsOtherUser(scenario, "payments", "observability"),
    change: (scenario) => declare(scenario, "a", "observability", { adopt: true }),
    run: { command: "up" },
  },
  {
    name: "adopt and change the types",
    setUp: (scenario) => void connectAsOtherUser(scenario, "payments", "observability"),
    change: (scenario) => declare(scenario, "a", "observability", { adopt: true, types: ["metrics"] }),
    run: { command: "up" },
  },
  {
    name: "adopt, with deleteBeforeReplace",
    setUp: (scenario) => void connectAsOtherUser(scenario, "payments", "observability"),
    change: (scenario) => declare(scenario, "a", "observability", { adopt: true, dbr: true }),
    run: { command: "up" },
  },
  {
    name: "create of a pair that another user created, without adopt",
    setUp: (scenario) => void connectAsOtherUser(scenario, "payments", "observability"),
    change: declareOne,
    // A preview would already fail, and a fault affects only the preview or the operation.
    run: { command: "up", preview: false },
    expectedError: "pair-exists",
  },
  {
    name: "create with another organization's keys",
    setUp: doNothing,
    change: (scenario) => {
      declareOne(scenario);
      useWrongKeys(scenario);
    },
    run: { command: "up" },
    expectedError: "wrong-organization",
  },
  {
    name: "delete with another organization's keys",
    setUp: declareTwo,
    change: useWrongKeys,
    run: { command: "destroy" },
    expectedError: "wrong-organization",
  },
  {
    name: "refresh with another organization's keys",
    setUp: declareTwo,
    change: useWrongKeys,
    run: { command: "refresh" },
    expectedError: "wrong-organization",
  },
  { name: "refresh", setUp: declareTwo, change: doNothing, run: { command: "refresh" } },
  { name: "up --refresh", setUp: declareTwo, change: doNothing, run: { command: "up --refresh" } },
  {
    name: "drift of types repaired",
    setUp: declareTwo,
    change: (scenario) =>
      scenario.sandbox.changeTypes(getLiveId(scenario, "payments → observability"), ["audit"]),
    run: { command: "up --refresh" },
  },
  {
    name: "a deleted connection repaired",
    setUp: declareTwo,
    change: (scenario) => {
      const id = getLiveId(scenario, "payments → observability");
      scenario.sandbox.disconnect(id);
      scenario.ours.delete(id);
    },
    run: { command: "up --refresh" },
  },
  {
    name: "set: create",
    setUp: doNothing,
    change: (scenario) =>
      declareSet(scenario, "S", { observability: LOGS, security: ["audit"], search: LOGS }),
    run: { command: "up" },
  },
  {
    name: "set: add, change and remove members",
    setUp: (scenario) => declareSet(scenario, "S", { observability: LOGS, security: LOGS }),
    change: (scenario) => declareSet(scenario, "S", { observability: ["metrics"], search: LOGS }),
    run: { command: "up" },
  },
  {
    name: "set: delete",
    setUp: (scenario) => {
      declareSet(scenario, "S", { observability: LOGS, security: LOGS });
      declare(scenario, "a", "observability", { source: "checkout" });
    },
    change: (scenario) => scenario.program.delete("S"),
    run: { command: "up" },
  },
  {
    name: "set: complete a partial update",
    setUp: (scenario) => declareSet(scenario, "S", { observability: LOGS, security: LOGS, search: LOGS }),
    setUpFaults: (scenario) => [
      {
        on: { route: "createConnection", sinkOrgId: scenario.sandbox.getOrganization("security").id },
        times: Infinity,
        moment: "before",
        what: { kind: "status", status: 400, body: { errors: ["refused"] } },
      },
    ],
    change: (scenario) =>
      declareSet(scenario, "S", { observability: ["metrics"], security: LOGS, search: LOGS }),
    run: { command: "up" },
  },
  {
    name: "set: refresh",
    setUp: (scenario) => declareSet(scenario, "S", { observability: LOGS, security: LOGS }),
    change: (scenario) => scenario.sandbox.changeTypes(getLiveId(scenario, "payments → security"), ["audit"]),
    run: { command: "up --refresh" },
  },
  {
    name: "exclusive set: update with undeclared connections",
    setUp: (scenario) => {
      connectAsOtherUser(scenario, "checkout", "payments");
      declareSet(scenario, "S", { observability: LOGS }, { exclusive: true });
    },
    change: (scenario) => {
      connectAsOtherUser(scenario, "payments", "security");
      declareSet(scenario, "S", { observability: ["metrics"] }, { exclusive: true });
    },
    run: { command: "up" },
  },
  {
    name: "exclusive set: find undeclared connections",
    setUp: (scenario) => {
      declareSet(scenario, "S", { observability: LOGS }, { exclusive: true });
    },
    change: (scenario) => void connectAsOtherUser(scenario, "payments", "security"),
    run: { command: "up --refresh" },
  },
  {
    name: "exclusive set: declare what it found",
    setUp: (scenario) => {
      connectAsOtherUser(scenario, "payments", "security");
      declareSet(scenario, "S", { observability: LOGS }, { exclusive: true });
    },
    change: (scenario) =>
      declareSet(scenario, "S", { observability: LOGS, security: LOGS }, { exclusive: true, adopt: true }),
    run: { command: "up" },
  },
  {
    name: "rename without an alias, adopting",
    setUp: declareTwo,
    change: (scenario) => {
      scenario.program.delete("a");
      declare(scenario, "c", "observability", { adopt: true });
    },
    run: { command: "up" },
  },
  {
    name: "swap of two destinations",
    setUp: (scenario) => {
      declare(scenario, "a", "observability", { adopt: true });
      declare(scenario, "b", "security", { adopt: true });
    },
    change: (scenario) => {
      declare(scenario, "a", "security", { adopt: true });
      declare(scenario, "b", "observability", { adopt: true });
    },
    run: { command: "up" },
  },
  {
    name: "move from single resources into a set",
    setUp: declareTwo,
    change: (scenario) => {
      scenario.program.clear();
      declareSet(scenario, "S", { observability: LOGS, security: ["audit", "logs"] }, { adopt: true });
    },
    run: { command: "up" },
  },
  {
    name: "move from a set to single resources",
    setUp: (scenario) => declareSet(scenario, "S", { observability: LOGS, security: LOGS }),
    change: (scenario) => {
      scenario.program.clear();
      declare(scenario, "a", "observability", { adopt: true });
      declare(scenario, "b", "security", { adopt: true });
    },
    run: { command: "up" },
  },
  {
    name: "rotated keys",
    setUp: declareTwo,
    change: (scenario) => {
      scenario.sandbox.rotateKeys("payments");
      declare(scenario, "a", "observability", { types: ["metrics"] });
    },
    run: { command: "up --refresh" },
  },
  {
    name: "create of connections of three organizations",
    setUp: doNothing,
    change: (scenario) => declareThreeSources(scenario, ["logs"]),
    run: { command: "up", preview: false },
  },
  {
    name: "update of connections of three organizations",
    setUp: (scenario) => declareThreeSources(scenario, ["logs"]),
    change: (scenario) => declareThreeSources(scenario, ["metrics"]),
    run: { command: "up", preview: false },
  },
  {
    name: "update with another organization's keys, after an update of another connection",
    setUp: (scenario) => declareThreeSources(scenario, ["logs"]),
    change: (scenario) => {
      declareThreeSources(scenario, ["metrics"]);
      useWrongKeys(scenario);
    },
    run: { command: "up", preview: false },
    expectedError: "wrong-organization",
    inProcessOnly: true,
  },
  {
    name: "rename of a source of the same organization",
    setUp: declareTwo,
    change: (scenario) => declare(scenario, "a", "observability", { source: "pay" }),
    run: { command: "up" },
  },
  ...identityOperations,
];

/** Lists the operations for a host. */
export const listOperations = (host: string): readonly CatalogOperation[] =>
  host === "plugin" ? catalog.map((operation) => ({ ...operation, ...operation.plugin })) : catalog;
