/** A stack of the real engine on which a scenario runs its operations, and what each run must leave behind. */
import type { OrgConnectionArgs, OrgConnectionSetArgs } from "../../provider/src/index.js";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/setting-names.js";
import { OFFICIAL_TYPE } from "../../cli/src/stack/pulumi-resources.js";
import type { ArmedFault, Sandbox } from "../../sandbox/src/index.js";
import type { Declaration } from "../engine/attached/declarations.js";
import { Stack, type CliRun } from "../engine/stack.js";
import { checkCleanRun, checkCreated, checkOrphans, checkOthers } from "./checks.js";
import { isSetState, type SavedResource } from "./saved-resource.js";
import { permitAdoptions, permitDeletes } from "./permissions.js";
import { getFaultName, ORG_BY_SOURCE, SOURCES, SOURCES_WITH_ID, type RunMove } from "./moves.js";
import { findForcedResource, countWritesSince } from "./operation.js";
import { listDeclaredConnections, toInputs, isSet, type DeclaredResource } from "./program.js";
import type { OperationResult, RunError, Scenario } from "./scenario.js";
import { loadState } from "./stack-results.js";

/** The result of running the CLI. */
export interface CliResult {
  run: CliRun;
  errors: RunError[];
  wasInterrupted: boolean;
}

/** What there was before a run. */
interface Before {
  official: ReadonlyMap<string, SavedResource>;
  liveBefore: ReadonlySet<string>;
  /** The count of requests. */
  logged: number;
}

export class ScenarioStack {
  readonly stack: Stack;
  private readonly url: string;

  /** @param limits - settings of the package, by name */
  constructor(sandbox: Sandbox, limits: Record<string, string> = {}) {
    const ids = SOURCES_WITH_ID.map((source) => [
      source,
      { id: sandbox.getOrganization(ORG_BY_SOURCE[source]).id },
    ]);
    const settings = Object.entries({ maxAttempts: "2", ...limits }).map(([key, value]) => [
      `${NAMESPACE}:${key}`,
      value,
    ]);
    const config = {
      [ORGANIZATIONS_KEY]: Object.fromEntries(ids) as unknown,
      ...(Object.fromEntries(settings) as Record<string, string>),
    };
    this.url = sandbox.url;
    this.stack = new Stack(sandbox, [], { config: `config: ${JSON.stringify(config)}\n` });
  }

  /** Runs one command and checks its result. */
  async runOperation(
    scenario: Scenario,
    move: RunMove,
    runCli: (armed: readonly ArmedFault[]) => Promise<CliResult>,
  ): Promise<OperationResult> {
    const { sandbox, stats } = scenario;
    stats.operations++;
    const armed = move.faults.map((fault) => sandbox.fail(fault));
    resetPermissions(scenario, move);
    const before: Before = {
      official: new Map([...scenario.state.resources].filter(([, { isOfficial }]) => isOfficial === true)),
      liveBefore: new Set(scenario.listLive().map(({ id }) => id)),
      logged: sandbox.requests.length,
    };
    this.prepare(scenario, move);
    const result = await runCli(armed);
    for (const [at, { what }] of move.faults.entries())
      stats.count("faults", getFaultName(what), armed[at]?.fired ?? 0);
    sandbox.clearFaults();
    if (move.command !== "preview") await loadState(scenario, this.stack);
    recordOfficialDeletions(scenario, before.official, before.liveBefore);
    return checkOutcome(scenario, move, result, before);
  }

  /** Writes the program and sets the environment of the next run. */
  prepare(scenario: Scenario, { adoptAll }: Pick<RunMove, "adoptAll">): Stack {
    this.stack.writeProgram(
      [...scenario.program].map(([name, declared]) => createDeclaration(scenario, name, declared)),
    );
    this.stack.env = {
      DD_HOST: this.url,
      ...getKeyVariables(scenario),
      ...(adoptAll && { DATADOG_ORG_CONNECTIONS_ADOPT: "true" }),
    };
    return this.stack;
  }
}

function createDeclaration(scenario: Scenario, name: string, declared: DeclaredResource): Declaration {
  const isMoved = scenario.state.resources.get(name)?.isOfficial === true && !isSet(declared);
  const options = {
    ...(declared.dbr && { deleteBeforeReplace: true }),
    ...(isMoved && { aliases: [{ type: OFFICIAL_TYPE }] }),
  };
  const args = toInputs(scenario.sandbox, declared);
  return "connections" in args
    ? { kind: "OrgConnectionSet", name, args: args as OrgConnectionSetArgs, options }
    : { kind: "OrgConnection", name, args: args as OrgConnectionArgs, options };
}

const getKeyVariables = (scenario: Scenario): Record<string, string> =>
  Object.fromEntries(
    SOURCES.flatMap((source) => {
      const { apiKey, appKey } = scenario.getKeyPair(source);
      const suffix = source.toUpperCase();
      return [
        [`DD_API_KEY__${suffix}`, apiKey],
        [`DD_APP_KEY__${suffix}`, appKey],
      ];
    }),
  );

/** Formats the `--replace` flag of a move. */
export function formatReplaceFlags(scenario: Scenario, { replace }: Pick<RunMove, "replace">): string[] {
  const name = findForcedResource(scenario, replace);
  if (name === undefined) return [];
  scenario.log(`    --replace ${name}`);
  // A pattern also matches a resource whose new address is not in the state yet, because an alias moves it.
  return [`--replace=urn:pulumi:dev::engine-test::pulumi-nodejs:dynamic/**::${name}`];
}

/**
 * The saved resource as this run will find it. With `--refresh`, it has the currently live undeclared
 * connections.
 */
function simulateRefresh(scenario: Scenario, name: string, { command }: RunMove): SavedResource | undefined {
  const saved = scenario.state.resources.get(name);
  if (!saved || command !== "up --refresh" || !isSetState(saved.outputs)) return saved;
  const { sourceOrgId, exclusive } = saved.outputs;
  const rows = exclusive === true ? scenario.listLive().filter((row) => row.sourceOrgId === sourceOrgId) : [];
  const undeclared = Object.fromEntries(rows.map(({ id, sinkOrgId }) => [sinkOrgId, id]));
  return { ...saved, outputs: { ...saved.outputs, undeclared } };
}

/**
 * Sets what this run may do to connections of other users, and clears the permissions of earlier operations.
 */
function resetPermissions(scenario: Scenario, move: RunMove): void {
  if (!scenario.hasLateWrites()) scenario.mayDelete.clear();
  addPermissions(scenario, move);
}

/** Adds what this run may do to connections of other users. */
function addPermissions(scenario: Scenario, move: RunMove): void {
  if (!move.command.startsWith("up")) return;
  for (const [name, declared] of scenario.program) {
    if (declared.adopt || move.adoptAll) permitAdoptions(scenario, declared);
    permitDeletes(scenario, declared, simulateRefresh(scenario, name, move));
  }
}

/**
 * Records which connections the official provider has deleted, or does not find gone, because its Read returns the state. If it
 * deletes a moved resource before the replacement is created, the new resource must not have that connection.
 */
function recordOfficialDeletions(
  scenario: Scenario,
  official: ReadonlyMap<string, SavedResource>,
  liveBefore: ReadonlySet<string>,
): void {
  for (const [name, { id }] of official) {
    const isReplacedFirst = liveBefore.has(id) && scenario.program.get(name)?.dbr === true;
    const isAdoptedAfterward = isReplacedFirst && scenario.state.resources.get(name)?.id === id;
    if (!scenario.findLiveById(id) && !isAdoptedAfterward) scenario.deletedByOfficial.add(id);
  }
}

function checkOutcome(
  scenario: Scenario,
  move: RunMove,
  { run, errors, wasInterrupted: interrupted }: CliResult,
  { official, liveBefore, logged }: Before,
): OperationResult {
  const steps = run.steps.map((step) => {
    const [op = "", name = ""] = step.split(" ");
    return { op, name };
  });
  for (const { op, name } of steps) scenario.log(`    ${op} ${name}`);
  for (const { resource, code } of errors) scenario.log(`    FAILED ${resource}: ${code}`);
  recordUncertainCreates(scenario, errors, interrupted, logged);
  recordAdoptions(scenario, move);
  checkOthers(scenario);
  checkOrphans(scenario);
  if (run.code === 0 && move.command !== "preview") {
    checkCleanRun(scenario, liveBefore, move.command !== "up");
    // A refresh does not read the resources of the official provider.
    const wasRefreshed = (name: string) => move.command !== "up" && !official.has(name);
    if (move.command.startsWith("up")) checkCreated(scenario, steps, wasRefreshed);
  }
  const differences = new Map(steps.map(({ op, name }) => [name, `${op} ${name}`]));
  return { errors, interrupted, differences, writes: countWritesSince(scenario, logged) };
}

/**
 * Records creates that failed with `outcome-unknown`, or that the engine could not save because it was
 * killed.
 */
function recordUncertainCreates(
  scenario: Scenario,
  errors: readonly RunError[],
  interrupted: boolean,
  logged: number,
): void {
  for (const { resource, code, message } of errors) {
    scenario.stats.count("errors", code);
    const declared = scenario.program.get(resource);
    if (!declared || code !== "outcome-unknown") continue;
    for (const { sink, pair } of listDeclaredConnections(declared))
      if (!isSet(declared) || message.includes(scenario.sandbox.getOrganization(sink).id))
        scenario.uncertainCreates.add(pair);
  }
  if (!interrupted) return;
  for (const { route, organization = "", sinkOrgId = "" } of scenario.sandbox.requests.slice(logged)) {
    if (route === "createConnection")
      scenario.uncertainCreates.add(`${organization} → ${scenario.getKey(sinkOrgId)}`);
  }
}

/**
 * Records adopted connections of other users. They may be in the state only if the program or the run adopts
 * them.
 */
function recordAdoptions(scenario: Scenario, move: RunMove): void {
  for (const id of scenario.getSavedIds()) {
    if (!scenario.others.has(id)) continue;
    if (!isAdopting(scenario, move, id))
      scenario.fail(`${id}, which another user created, was adopted without \`adopt\``);
    scenario.others.delete(id);
    scenario.ours.add(id);
    scenario.stats.count("exceptions", "adopted on purpose from others");
  }
}

function isAdopting(scenario: Scenario, { adoptAll }: RunMove, id: string): boolean {
  const row = scenario.findLiveById(id);
  return [...scenario.program.values()].some(
    (declared) =>
      (declared.adopt || adoptAll) &&
      row !== undefined &&
      listDeclaredConnections(declared).some(({ pair }) => pair === scenario.formatPair(row)),
  );
}
