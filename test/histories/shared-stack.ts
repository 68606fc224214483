/**
 * A stack of the real engine that several scenes share, so that one run of the CLI serves all of them. Each scene has its
 * own organizations in the sandbox; its tag, such as `-7`, marks its resources and its sources.
 */
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/settings.js";
import type { Sandbox } from "../../sandbox/src/index.js";
import { Stack, type Run } from "../engine/stack.js";
import { checkCleanRun, checkCreated, checkOrphans, checkOthers } from "./checks.js";
import { isSetOutputs, type Held } from "./held.js";
import { permitAdoptions, permitEndings } from "./permissions.js";
import { faultName, ORG_OF, SOURCES, WITH_ID, type RunMove } from "./moves.js";
import { forcedIn, writesSince } from "./operation.js";
import { declaredRows, inputsOf, isSet, type Declared } from "./program.js";
import type { Outcome, RunError, Scene, SceneSandbox } from "./scene.js";
import { loadStates, untag } from "./stack-results.js";

/** What one scene does in a run. */
export interface Part {
  scene: Scene;
  move: RunMove;
  tag: string;
}

/** How a run of the CLI went: its last command, the steps and errors of all, and whether it was cut short. */
export interface Ran {
  run: Run;
  /** Of all commands, with the tagged names of resources. */
  errors: RunError[];
  interrupted: boolean;
}

/** The sandbox of each scene, by its tag. */
export type Tagged = ReadonlyMap<string, SceneSandbox>;

export class SharedStack {
  readonly stack: Stack;
  private readonly url: string;
  private readonly statements = new Map<string, string>();
  private readonly keys = new Map<string, Record<string, string>>();
  private readonly scenes = new Map<string, Scene>();
  private readonly divergences = new Map<string, Error>();

  constructor(sandbox: Sandbox, tagged: Tagged, limits: Record<string, string> = {}) {
    const ids = [...tagged].flatMap(([tag, own]) =>
      WITH_ID.map((source) => [source + tag, { id: own.organization(ORG_OF[source]).id }]),
    );
    const settings = Object.entries({ tries: "2", ...limits }).map(([key, value]) => [
      `${NAMESPACE}:${key}`,
      value,
    ]);
    const config = {
      [ORGANIZATIONS_KEY]: Object.fromEntries(ids) as unknown,
      ...(Object.fromEntries(settings) as Record<string, string>),
    };
    this.url = sandbox.url;
    this.stack = new Stack(sandbox, "", { config: JSON.stringify({ config }) });
  }

  dispose(): void {
    this.stack.dispose();
  }

  /**
   * Runs an operation of several scenes, all of one command, and checks what it did to each.
   *
   * @returns for each part its outcome, or the divergence that was found
   */
  async operate(
    parts: readonly Part[],
    runCli: () => Promise<Ran>,
  ): Promise<PromiseSettledResult<Outcome>[]> {
    const begun = parts.map((part) => this.begin(part));
    const others = [...this.scenes].filter(([tag]) => !parts.some((part) => part.tag === tag));
    const [first] = parts;
    if (first) for (const [, scene] of others) permitOnly(scene, first.move);
    this.writeProgram(parts);
    const { run, errors, interrupted } = await runCli();
    for (const { finishFaults } of begun) finishFaults();
    const isPreview = parts.every(({ move }) => move.command === "preview");
    if (!isPreview) loadStates(this.scenes, await this.stack.pulumi(["stack", "export"]));
    for (const [tag, scene] of others) this.checkInPassing(tag, scene);
    return Promise.allSettled(
      begun.map(async ({ part, liveBefore, logged }) => {
        const divergence = this.divergences.get(part.tag);
        if (divergence !== undefined) throw divergence;
        // A failure that no resource stands for is everybody's.
        const own = errors.filter(({ resource }) => resource === "" || untag(resource).tag === part.tag);
        return Promise.resolve(outcomeOf(part, { run, errors: own, interrupted }, liveBefore, logged));
      }),
    );
  }

  /**
   * Before a command is run again for the same parts: it may do on purpose what its first run has put into the state, such
   * as end the undeclared connections that an exclusive set shows since then.
   */
  async permitMore(parts: readonly Part[]): Promise<void> {
    loadStates(this.scenes, await this.stack.pulumi(["stack", "export"]));
    const [first] = parts;
    if (!first) return;
    for (const [tag, scene] of this.scenes)
      permit(scene, parts.find((part) => part.tag === tag)?.move ?? first.move);
  }

  /** What must not be, and was seen during a run: the outcome of this scene's operation says so. */
  report(tag: string, divergence: Error): void {
    this.divergences.set(tag, divergence);
  }

  /** A run does for the other scenes what their programs ask for: what it must not do, their next operation reports. */
  private checkInPassing(tag: string, scene: Scene): void {
    try {
      checkOthers(scene);
    } catch (error) {
      this.report(tag, error as Error);
    }
  }

  private begin(part: Part) {
    const { scene, move, tag } = part;
    const { sandbox, stats } = scene;
    stats.operations++;
    const armed = move.faults.map((fault) => ({ fault, counter: sandbox.fail(fault) }));
    this.scenes.set(tag, scene);
    permitOnly(scene, move);
    return {
      part,
      liveBefore: new Set(scene.live().map(({ id }) => id)),
      logged: sandbox.requests.length,
      finishFaults: () => {
        for (const { fault, counter } of armed) stats.count("faults", faultName(fault.what), counter.fired);
        sandbox.clearFaults();
      },
    };
  }

  /** Writes the program out: what these scenes declare now, and what the others have declared in their last runs. */
  writeProgram(parts: readonly Pick<Part, "scene" | "tag">[]): void {
    for (const { scene, tag } of parts) {
      const lines = [...scene.program].map(([name, declared]) => statement(scene, name + tag, declared, tag));
      this.statements.set(tag, lines.join("\n"));
      this.keys.set(tag, keysOf(scene, tag));
    }
    this.stack.program([...this.statements.values()].join("\n"));
  }

  /** The environment of a run: the keys of all scenes. */
  environment({ adoptAll }: Pick<RunMove, "adoptAll">): Record<string, string> {
    const env = Object.assign({ DD_HOST: this.url }, ...this.keys.values()) as Record<string, string>;
    return adoptAll ? { ...env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" } : env;
  }
}

function statement(scene: Scene, name: string, declared: Declared, tag: string): string {
  const options = declared.dbr ? ", { deleteBeforeReplace: true }" : "";
  const kind = isSet(declared) ? "OrgConnectionSet" : "OrgConnection";
  const inputs = { ...inputsOf(scene.sandbox, declared), source: declared.source + tag };
  return `new ${kind}("${name}", ${JSON.stringify(inputs)}${options});`;
}

function keysOf(scene: Scene, tag: string): Record<string, string> {
  return Object.fromEntries(
    SOURCES.flatMap((source) => {
      const { apiKey, appKey } = scene.keysOf(source);
      const suffix = (source + tag).toUpperCase().replaceAll("-", "_");
      return [
        [`DD_API_KEY__${suffix}`, apiKey],
        [`DD_APP_KEY__${suffix}`, appKey],
      ];
    }),
  );
}

/** The `--replace` flags that the moves of the parts ask for. */
export function replaceFlags(parts: readonly Part[]): string[] {
  return parts.flatMap(({ scene, move: { replace }, tag }) => {
    const name = forcedIn(scene, replace);
    if (name === undefined) return [];
    scene.log(`    --replace ${name}`);
    const kind = "members" in (scene.program.get(name) ?? {}) ? "OrgConnectionSet" : "OrgConnection";
    return [`--replace=urn:pulumi:dev::engine-test::pulumi-nodejs:dynamic/datadog:${kind}::${name}${tag}`];
  });
}

/** The resource as this run's steps will find it in the state: with `--refresh`, as far as the service shows it now. */
function shownBy(scene: Scene, name: string, { command }: RunMove): Held | undefined {
  const held = scene.state.resources.get(name);
  if (!held || command !== "up --refresh" || !isSetOutputs(held.outputs)) return held;
  const { sourceOrgId, exclusive } = held.outputs;
  const rows = exclusive === true ? scene.live().filter((row) => row.sourceOrgId === sourceOrgId) : [];
  const strangers = Object.fromEntries(rows.map(({ id, sinkOrgId }) => [sinkOrgId, id]));
  return { ...held, outputs: { ...held.outputs, strangers } };
}

/** What this run may do to others' connections on purpose, and nothing that an earlier operation was allowed. */
function permitOnly(scene: Scene, move: RunMove): void {
  if (!scene.isLate()) scene.mayEnd.clear();
  permit(scene, move);
}

/** Adds what this run may do to others' connections on purpose. */
function permit(scene: Scene, move: RunMove): void {
  if (!move.command.startsWith("up")) return;
  for (const [name, declared] of scene.program) {
    if (declared.adopt || move.adoptAll) permitAdoptions(scene, declared);
    permitEndings(scene, declared, shownBy(scene, name, move));
  }
}

function outcomeOf(
  { scene, move, tag }: Part,
  { run, errors: tagged, interrupted }: Ran,
  liveBefore: ReadonlySet<string>,
  logged: number,
): Outcome {
  const steps = run.steps.flatMap((step) => {
    const [op = "", resource = ""] = step.split(" ");
    const { name, tag: its } = untag(resource);
    return its === tag ? [{ op, name }] : [];
  });
  const errors = tagged.map((error) => ({ ...error, resource: untag(error.resource).name }));
  for (const { op, name } of steps) scene.log(`    ${op} ${name}`);
  for (const { resource, code } of errors) scene.log(`    FAILED ${resource}: ${code}`);
  noteCuts(scene, errors, interrupted, logged);
  noteAdoptions(scene, move);
  checkOthers(scene);
  checkOrphans(scene);
  if (run.code === 0 && move.command !== "preview") {
    checkCleanRun(scene, liveBefore, move.command !== "up");
    if (move.command.startsWith("up")) checkCreated(scene, steps, move.command !== "up");
  }
  const differences = new Map(steps.map(({ op, name }) => [name, `${op} ${name}`]));
  return { errors, interrupted, differences, writes: writesSince(scene, logged) };
}

/** Creates that ended with `outcome-unknown`, or whose engine was gone before it could save them. */
function noteCuts(scene: Scene, errors: readonly RunError[], interrupted: boolean, logged: number): void {
  for (const { resource, code, message } of errors) {
    scene.stats.count("errors", code);
    const declared = scene.program.get(resource);
    if (!declared || code !== "outcome-unknown") continue;
    for (const { sink, pair } of declaredRows(declared))
      if (!isSet(declared) || message.includes(scene.sandbox.organization(sink).id)) scene.cut.add(pair);
  }
  if (!interrupted) return;
  for (const { route, organization = "", sinkOrgId = "" } of scene.sandbox.requests.slice(logged)) {
    if (route === "createConnection") scene.cut.add(`${organization} → ${scene.key(sinkOrgId)}`);
  }
}

/** Others' connections that the state now holds: only where the program, or the run, said so. */
function noteAdoptions(scene: Scene, move: RunMove): void {
  for (const id of scene.heldIds()) {
    if (!scene.others.has(id)) continue;
    if (!isAdopting(scene, move, id))
      scene.fail(`${id}, which others made, was taken over without being asked`);
    scene.others.delete(id);
    scene.ours.add(id);
    scene.stats.count("exceptions", "adopted on purpose from others");
  }
}

function isAdopting(scene: Scene, { adoptAll }: RunMove, id: string): boolean {
  const row = scene.liveById(id);
  return [...scene.program.values()].some(
    (declared) =>
      (declared.adopt || adoptAll) &&
      row !== undefined &&
      declaredRows(declared).some(({ pair }) => pair === scene.pair(row)),
  );
}
