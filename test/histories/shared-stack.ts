/**
 * A stack of the real engine that several scenarios share, so that one run of the CLI serves all of them.
 * Each scenario has its own organizations in the sandbox. Its tag, such as `-7`, is part of the names of its
 * resources and sources.
 */
import type { OrgConnectionArgs, OrgConnectionSetArgs } from "../../provider/src/index.js";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/settings.js";
import { OFFICIAL_TYPE } from "../../cli/src/stack/pulumi-resources.js";
import type { Sandbox } from "../../sandbox/src/index.js";
import type { Declaration } from "../engine/attached/declarations.js";
import { Stack, type CliRun } from "../engine/stack.js";
import { checkCleanRun, checkCreated, checkOrphans, checkOthers } from "./checks.js";
import { isSetState, type SavedResource } from "./saved-resource.js";
import { permitAdoptions, permitDeletes } from "./permissions.js";
import { getFaultName, ORG_BY_SOURCE, SOURCES, SOURCES_WITH_ID, type RunMove } from "./moves.js";
import { findForcedResource, countWritesSince } from "./operation.js";
import { listDeclaredConnections, toInputs, isSet, type DeclaredResource } from "./program.js";
import type { OperationResult, RunError, Scenario, ScenarioSandbox } from "./scenario.js";
import { loadStates, parseTaggedName } from "./stack-results.js";

/** What one scenario does in a run. */
export interface ScenarioMove {
  scenario: Scenario;
  move: RunMove;
  tag: string;
}

/**
 * The result of running the CLI: the last command, the steps and errors of all, and whether it was
 * interrupted.
 */
export interface CliResult {
  run: CliRun;
  /** Errors of all commands, with the tagged names of resources. */
  errors: RunError[];
  wasInterrupted: boolean;
}

/** The sandbox of each scenario, by its tag. */
export type SandboxesByTag = ReadonlyMap<string, ScenarioSandbox>;

export class SharedStack {
  readonly stack: Stack;
  private readonly url: string;
  private readonly declarations = new Map<string, readonly Declaration[]>();
  private readonly keys = new Map<string, Record<string, string>>();
  private readonly scenarios = new Map<string, Scenario>();
  private readonly divergences = new Map<string, Error>();

  /** @param isKilled - whether the engine may be killed, so that program and provider need processes of their own */
  constructor(
    sandbox: Sandbox,
    tagged: SandboxesByTag,
    limits: Record<string, string> = {},
    private readonly isKilled = false,
  ) {
    const ids = [...tagged].flatMap(([tag, own]) =>
      SOURCES_WITH_ID.map((source) => [source + tag, { id: own.getOrganization(ORG_BY_SOURCE[source]).id }]),
    );
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

  dispose(): void {
    this.stack.dispose();
  }

  /**
   * Runs one command for several scenarios and checks the result of each.
   *
   * @returns the result of each part, or its divergence
   */
  async runOperation(
    parts: readonly ScenarioMove[],
    runCli: () => Promise<CliResult>,
  ): Promise<PromiseSettledResult<OperationResult>[]> {
    const started = parts.map((part) => this.startMove(part));
    const others = [...this.scenarios].filter(([tag]) => !parts.some((part) => part.tag === tag));
    const [first] = parts;
    if (first) for (const [, scenario] of others) resetPermissions(scenario, first.move);
    this.writeProgram(parts);
    const { run, errors, wasInterrupted: interrupted } = await runCli();
    for (const { finishFaults } of started) finishFaults();
    const isPreview = parts.every(({ move }) => move.command === "preview");
    if (!isPreview) loadStates(this.scenarios, await this.stack.runPulumi(["stack", "export"]));
    for (const { part, official, liveBefore } of started)
      recordOfficialDeletions(part.scenario, official, liveBefore);
    for (const [tag, scenario] of others) this.checkOtherScenario(tag, scenario);
    return Promise.allSettled(
      started.map(async ({ part, ...before }) => {
        const divergence = this.divergences.get(part.tag);
        if (divergence !== undefined) throw divergence;
        // A failure without a resource counts for all scenarios.
        const own = errors.filter(
          ({ resource }) => resource === "" || parseTaggedName(resource).tag === part.tag,
        );
        return Promise.resolve(checkOutcome(part, { run, errors: own, wasInterrupted: interrupted }, before));
      }),
    );
  }

  /**
   * Updates the permissions before a command runs again for the same parts. It may act on what its first run
   * saved in the state, such as delete the undeclared connections that an exclusive set has found since.
   */
  async permitAgain(parts: readonly ScenarioMove[]): Promise<void> {
    loadStates(this.scenarios, await this.stack.runPulumi(["stack", "export"]));
    const [first] = parts;
    if (!first) return;
    for (const [tag, scenario] of this.scenarios)
      addPermissions(scenario, parts.find((part) => part.tag === tag)?.move ?? first.move);
  }

  /** Records a divergence during a run. The operation of this scenario then fails with it. */
  report(tag: string, divergence: Error): void {
    this.divergences.set(tag, divergence);
  }

  /** A run also applies the programs of the other scenarios. Their next operation reports violations. */
  private checkOtherScenario(tag: string, scenario: Scenario): void {
    try {
      checkOthers(scenario);
    } catch (error) {
      this.report(tag, error as Error);
    }
  }

  private startMove(part: ScenarioMove) {
    const { scenario, move, tag } = part;
    const { sandbox, stats } = scenario;
    stats.operations++;
    const armed = move.faults.map((fault) => ({ fault, counter: sandbox.fail(fault) }));
    this.scenarios.set(tag, scenario);
    resetPermissions(scenario, move);
    return {
      part,
      official: new Map([...scenario.state.resources].filter(([, { isOfficial }]) => isOfficial === true)),
      liveBefore: new Set(scenario.listLive().map(({ id }) => id)),
      logged: sandbox.requests.length,
      finishFaults: () => {
        for (const { fault, counter } of armed)
          stats.count("faults", getFaultName(fault.what), counter.fired);
        sandbox.clearFaults();
      },
    };
  }

  /**
   * Writes the program: the current declarations of these scenarios, and those of the last runs of the
   * others.
   */
  writeProgram(parts: readonly ScenarioMove[]): void {
    for (const { scenario, tag } of parts) {
      const declarations = [...scenario.program].map(([name, declared]) =>
        createDeclaration(scenario, name, declared, tag),
      );
      this.declarations.set(tag, declarations);
      this.keys.set(tag, getKeyVariables(scenario, tag));
    }
    this.stack.hasOwnProcesses = this.isKilled || parts.some(({ move }) => move.interruption !== undefined);
    this.stack.writeProgram([...this.declarations.values()].flat());
  }

  /** The environment of a run, with the keys of all scenarios. */
  getEnvironment({ adoptAll }: Pick<RunMove, "adoptAll">): Record<string, string> {
    const env = Object.assign({ DD_HOST: this.url }, ...this.keys.values()) as Record<string, string>;
    return adoptAll ? { ...env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" } : env;
  }
}

function createDeclaration(
  scenario: Scenario,
  name: string,
  declared: DeclaredResource,
  tag: string,
): Declaration {
  const isMoved = scenario.state.resources.get(name)?.isOfficial === true && !isSet(declared);
  const options = {
    ...(declared.dbr && { deleteBeforeReplace: true }),
    ...(isMoved && { aliases: [{ type: OFFICIAL_TYPE }] }),
  };
  const args = { ...toInputs(scenario.sandbox, declared), source: declared.source + tag };
  return "connections" in args
    ? { kind: "OrgConnectionSet", name: name + tag, args: args as OrgConnectionSetArgs, options }
    : { kind: "OrgConnection", name: name + tag, args: args as OrgConnectionArgs, options };
}

function getKeyVariables(scenario: Scenario, tag: string): Record<string, string> {
  return Object.fromEntries(
    SOURCES.flatMap((source) => {
      const { apiKey, appKey } = scenario.getKeyPair(source);
      const suffix = (source + tag).toUpperCase().replaceAll("-", "_");
      return [
        [`DD_API_KEY__${suffix}`, apiKey],
        [`DD_APP_KEY__${suffix}`, appKey],
      ];
    }),
  );
}

/** Formats the `--replace` flags for the moves of the parts. */
export function formatReplaceFlags(parts: readonly ScenarioMove[]): string[] {
  return parts.flatMap(({ scenario, move: { replace }, tag }) => {
    const name = findForcedResource(scenario, replace);
    if (name === undefined) return [];
    scenario.log(`    --replace ${name}`);
    // A pattern also matches a resource whose new address is not in the state yet, because an alias moves it.
    return [`--replace=urn:pulumi:dev::engine-test::pulumi-nodejs:dynamic/**::${name}${tag}`];
  });
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
  { scenario, move, tag }: ScenarioMove,
  { run, errors: tagged, wasInterrupted: interrupted }: CliResult,
  {
    official,
    liveBefore,
    logged,
  }: {
    official: ReadonlyMap<string, SavedResource>;
    liveBefore: ReadonlySet<string>;
    /** The count of requests before the run. */
    logged: number;
  },
): OperationResult {
  const steps = run.steps.flatMap((step) => {
    const [op = "", resource = ""] = step.split(" ");
    const { name, tag: ownTag } = parseTaggedName(resource);
    return ownTag === tag ? [{ op, name }] : [];
  });
  const errors = tagged.map((error) => ({ ...error, resource: parseTaggedName(error.resource).name }));
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
