/** Operations of a history on the real engine: the program is written out, the CLI run, and its state read back. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../provider/src/credentials/settings.js";
import type { Fault } from "../../provider/src/sandbox/index.js";
import {
  endAll,
  familyOf,
  pressInterrupt,
  providerOf,
  signal,
  until,
  untilIdle,
} from "../engine/processes.js";
import { Stack, type ExportedResource, type Run } from "../engine/stack.js";
import { checkCleanRun, checkOrphans, checkOthers } from "./checks.js";
import { heldRows, type Held } from "./held.js";
import { permitAdoptions, permitEndings } from "./permissions.js";
import { faultName, ORG_OF, SOURCES, WITH_ID, type Interruption, type RunMove } from "./moves.js";
import { forcedIn, writesSince } from "./operation.js";
import { declaredRows, inputsOf, isSet, pick, type Declared } from "./program.js";
import { typesText, type Operate, type Outcome, type RunError, type Scene } from "./scene.js";

/** How long the request is held during which a run is interrupted, in milliseconds. */
const HELD_MS = 1500;

/** A stack for one history, and the way to run it. */
export function onRealEngine(sandbox: Scene["sandbox"]): {
  operate: Operate;
  /** Writes the program out, and sets the environment of the next run. */
  prepare: (scene: Scene, move: RunMove) => Stack;
  dispose: () => void;
} {
  const ids = WITH_ID.map((source) => [source, { id: sandbox.organization(ORG_OF[source]).id }]);
  const config = JSON.stringify({
    config: { [ORGANIZATIONS_KEY]: Object.fromEntries(ids) as unknown, [`${NAMESPACE}:tries`]: "2" },
  });
  const stack = new Stack(sandbox, "", { config });
  return {
    operate: (scene, move) => operate(scene, stack, move),
    prepare: (scene, move) => prepare(scene, stack, move),
    dispose: () => stack.dispose(),
  };
}

function prepare(scene: Scene, stack: Stack, move: RunMove): Stack {
  stack.program([...scene.program].map(([name, declared]) => statement(scene, name, declared)).join("\n"));
  stack.env = environment(scene, move);
  return stack;
}

async function operate(scene: Scene, stack: Stack, move: RunMove): Promise<Outcome> {
  const { sandbox, stats } = scene;
  stats.operations++;
  const armed = move.faults.map((fault) => ({ fault, counter: sandbox.fail(fault) }));
  const liveBefore = new Set(scene.live().map(({ id }) => id));
  const logged = sandbox.requests.length;
  prepare(scene, stack, move);
  permit(scene, move);
  const { run, interrupted } = await runCli(scene, stack, move);
  for (const { fault, counter } of armed) stats.count("faults", faultName(fault.what), counter.fired);
  sandbox.clearFaults();
  if (move.command !== "preview") await loadState(scene, stack);

  const errors = run.code === 0 ? [] : errorsOf(stack, run);
  for (const step of run.steps) scene.log(`    ${step}`);
  for (const { resource, code } of errors) scene.log(`    FAILED ${resource}: ${code}`);
  noteCuts(scene, errors, interrupted, logged);
  noteAdoptions(scene, move);
  checkOthers(scene);
  checkOrphans(scene);
  if (run.code === 0 && move.command !== "preview") {
    checkCleanRun(scene, liveBefore, move.command !== "up");
    checkCreated(scene, run, move);
  }
  const differences = new Map(run.steps.map((step) => [step.split(" ")[1] ?? "", step]));
  return { errors, interrupted, differences, writes: writesSince(scene, logged) };
}

function statement(scene: Scene, name: string, declared: Declared): string {
  const options = declared.dbr ? ", { deleteBeforeReplace: true }" : "";
  const kind = isSet(declared) ? "OrgConnectionSet" : "OrgConnection";
  return `new ${kind}("${name}", ${JSON.stringify(inputsOf(scene.sandbox, declared))}${options});`;
}

function environment(scene: Scene, { adoptAll }: RunMove): Record<string, string> {
  const env: Record<string, string> = { DD_HOST: scene.sandbox.url };
  for (const source of SOURCES) {
    const { apiKey, appKey } = scene.keysOf(source);
    env[`DD_API_KEY__${source.toUpperCase()}`] = apiKey;
    env[`DD_APP_KEY__${source.toUpperCase()}`] = appKey;
  }
  return adoptAll ? { ...env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" } : env;
}

async function runCli(
  scene: Scene,
  stack: Stack,
  move: RunMove,
): Promise<{ run: Run; interrupted: boolean }> {
  const { command, continueOnError, parallel, interruption } = move;
  const verb = command.split(" ")[0] ?? "up";
  // Engine 3.274.1 waits for ever when a deletion before a replacement fails under --continue-on-error.
  const isSafe = ![...scene.program.values()].some(({ dbr }) => dbr);
  const flags = [
    ...(verb === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(command === "up --refresh" ? ["--refresh"] : []),
    ...(continueOnError && ((verb === "up" && isSafe) || verb === "destroy") ? ["--continue-on-error"] : []),
    ...(parallel ? [] : ["--parallel=1"]),
    ...(verb === "up" ? replaceFlag(scene, move) : []),
  ];
  if (interruption && verb !== "preview") return interruptedRun(scene, stack, [verb, ...flags], interruption);
  const running = await stack.begin(verb, ...flags);
  return { run: await running.done, interrupted: false };
}

function replaceFlag(scene: Scene, { replace }: RunMove): string[] {
  const name = forcedIn(scene, replace);
  if (name === undefined) return [];
  scene.log(`    --replace ${name}`);
  const kind = "members" in (scene.program.get(name) ?? {}) ? "OrgConnectionSet" : "OrgConnection";
  const type = `pulumi-nodejs:dynamic/datadog:${kind}`;
  return [`--replace=urn:pulumi:dev::engine-test::${type}::${name}`];
}

/** Cuts the run short while a write of its is under way, by Ctrl-C or by a kill of the engine; then all comes to rest. */
async function interruptedRun(
  scene: Scene,
  stack: Stack,
  args: readonly string[],
  { call, midway, afterMs, request }: Interruption,
): Promise<{ run: Run; interrupted: boolean }> {
  const { sandbox } = scene;
  const routes = ["createConnection", "createConnection", "updateConnection", "deleteConnection"] as const;
  const on: Fault["on"] = request === undefined ? { route: pick(routes, call) } : {};
  const moment = request !== undefined || midway ? "before" : "after";
  sandbox.fail({ on, skip: request ?? 0, moment, what: { kind: "delay", ms: HELD_MS } });
  const logged = sandbox.requests.length;
  const isHeld = () => {
    const requests = sandbox.requests.slice(logged);
    const held =
      request === undefined ? requests.filter(({ route }) => route === on.route) : requests.slice(request);
    return held.some(({ endedAt }) => endedAt === undefined);
  };
  const [verb = "up", ...flags] = args;
  const running = await stack.begin(verb, ...flags);
  const cli = running.process.pid ?? 0;
  await until("the write, or the end", () => isHeld() || running.process.exitCode !== null);
  if (running.process.exitCode !== null) return { run: await running.done, interrupted: false };
  const family = familyOf(cli);
  const provider = providerOf(cli)?.pid ?? 0;
  const isKill = request !== undefined || afterMs > 1;
  // What a fault has left without an answer by now never gets one, and writes nothing more.
  const cutOff = new Set(
    sandbox.requests.filter(({ status, endedAt }) => status === undefined && endedAt !== undefined),
  );
  try {
    if (isKill) signal(cli, "SIGKILL");
    else pressInterrupt(cli);
    const run = await running.done;
    await until("the end of all writes", () =>
      sandbox.requests.every(
        (request) => request.method === "GET" || request.status !== undefined || cutOff.has(request),
      ),
    );
    await untilIdle(provider);
    if (isKill) stack.mendCheckpoint();
    if (isKill) await stack.pulumi(["cancel", "--yes", "--stack=dev"]);
    scene.stats.interruptions++;
    scene.log(
      `    INTERRUPTED by ${isKill ? "a kill" : "Ctrl-C"} in ${on.route ?? `request ${request ?? ""}`}`,
    );
    return { run, interrupted: true };
  } finally {
    endAll(family);
  }
}

interface Exported {
  deployment: {
    resources?: (ExportedResource & { pendingReplacement?: boolean; initErrors?: string[] })[];
    pending_operations?: { type: string }[];
  };
}

async function loadState(scene: Scene, stack: Stack): Promise<void> {
  const { output } = await stack.pulumi(["stack", "export"]);
  const { deployment } = JSON.parse(output) as Exported;
  // A create that was killed stays on the engine's list, with a warning, until `refresh --clear-pending-creates`.
  const unfinished = (deployment.pending_operations ?? []).filter(({ type }) => type !== "creating").length;
  scene.state = { resources: new Map(), pendingDeletes: [], unfinished };
  for (const resource of deployment.resources ?? []) {
    if (!resource.type.includes("datadog") || resource.pendingReplacement === true) continue;
    const name = resource.urn.split("::").at(-1) ?? "";
    const held: Held = {
      id: resource.id ?? "",
      inputs: resource.inputs as unknown as Held["inputs"],
      outputs: resource.outputs as unknown as Held["outputs"],
      isPartial: (resource.initErrors ?? []).length > 0,
    };
    if (resource.delete === true) scene.state.pendingDeletes.push({ name, held });
    else scene.state.resources.set(name, held);
  }
}

interface DiagnosticEvent {
  diagnosticEvent?: { severity: string; message: string; urn?: string };
}

/** The errors of resources, from the newest event log; where there is none, what the CLI printed. */
function errorsOf(stack: Stack, { output }: Run): RunError[] {
  const logs = readdirSync(stack.folder).filter((name) => /^events-\d+\.json$/.test(name));
  const newest = logs.sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b))).at(-1);
  const lines = newest === undefined ? [] : readFileSync(path.join(stack.folder, newest), "utf8").split("\n");
  const errors = lines.filter(Boolean).flatMap((line) => {
    const { severity, message = "", urn = "" } = (JSON.parse(line) as DiagnosticEvent).diagnosticEvent ?? {};
    if (severity !== "error" || !urn.includes("datadog")) return [];
    // What was done in part gives its reasons in one message, each with its code at its end.
    const parts = message.matchAll(/(.*?)\[([a-z]+(?:-[a-z]+)+|unauthenticated|forbidden|redirected)\]/gs);
    const resource = urn.split("::").at(-1) ?? "";
    return [...parts].map(([text, , code = ""]) => ({ resource, call: "run", code, message: text }));
  });
  return errors.length > 0 ? errors : [{ resource: "", call: "run", code: "other", message: output }];
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

function isAdopting(scene: Scene, { adoptAll }: RunMove, id: string): boolean {
  const row = scene.liveById(id);
  return [...scene.program.values()].some(
    (declared) =>
      (declared.adopt || adoptAll) &&
      row !== undefined &&
      declaredRows(declared).some(({ pair }) => pair === scene.pair(row)),
  );
}

/** The resource as this run's steps will find it in the state: with `--refresh`, as far as the service shows it now. */
function shownBy(scene: Scene, name: string, { command }: RunMove): Held | undefined {
  const held = scene.state.resources.get(name);
  if (!held || command !== "up --refresh" || !("members" in held.outputs)) return held;
  const { sourceOrgId, exclusive } = held.outputs;
  const rows = exclusive === true ? scene.live().filter((row) => row.sourceOrgId === sourceOrgId) : [];
  const strangers = Object.fromEntries(rows.map(({ id, sinkOrgId }) => [sinkOrgId, id]));
  return { ...held, outputs: { ...held.outputs, strangers } };
}

/** What this run may do to others' on purpose. */
function permit(scene: Scene, move: RunMove): void {
  if (!scene.isLate()) scene.mayEnd.clear();
  if (!move.command.startsWith("up")) return;
  for (const [name, declared] of scene.program) {
    if (declared.adopt || move.adoptAll) permitAdoptions(scene, declared);
    permitEndings(scene, declared, shownBy(scene, name, move));
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

/** After a run without errors: what it created is live as declared; after a refresh, everything is. */
function checkCreated(scene: Scene, { steps }: Run, { command }: RunMove): void {
  if (!command.startsWith("up")) return;
  for (const [name, declared] of scene.program) {
    const wasMade = steps.some((step) => step === `create ${name}` || step === `create-replacement ${name}`);
    if (!wasMade && command === "up") continue;
    const held = scene.state.resources.get(name);
    for (const { sink, pair, types } of declaredRows(declared)) {
      const live = scene.liveOf(pair);
      if (!live) return scene.fail(`the run ended without an error, and ${pair} is not live`);
      const { id: sinkOrgId } = scene.sandbox.organization(sink);
      const row = held && heldRows(held).find((one) => one.sinkOrgId === sinkOrgId);
      if (row?.id !== live.id) scene.fail(`the state of ${name} has another id of ${pair}`);
      if (types && typesText(live.connectionTypes) !== typesText(types))
        scene.fail(`the run ended without an error, and ${pair} has other types`);
      scene.stats.successesChecked++;
    }
  }
}
