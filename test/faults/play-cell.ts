/** Plays one operation of the catalog with one or two faults in it, recovers, and compares what is live with what should be. */
import type { LoggedRequest } from "../../sandbox/src/index.js";
import { checkOrphans, checkOthers } from "../histories/checks.js";
import { operate, PLAIN } from "../histories/operation.js";
import type { Interruption } from "../histories/moves.js";
import { declaredRows } from "../histories/program.js";
import { checkRecovered, quiet, recover } from "../histories/recovery.js";
import { Scene, type Operate, type RunError, type SceneSandbox } from "../histories/scene.js";
import { Stats } from "../histories/stats.js";
import { runOf, type CatalogOperation } from "./catalog.js";
import { ELSEWHERE, type FaultKind } from "./kinds.js";

/** A fault, and the request of the operation that it meets, from 0. */
export interface PlacedFault {
  request: number;
  kind: FaultKind;
}

/** How a cell is played, where it is not as usual. */
interface HowToPlay {
  how?: Operate;
  /** How many requests the operation makes without a fault: a slow one is given up, and another one follows. */
  usual?: number;
}

const RECOVERY = { oneCommand: true, continueOnError: false, parallel: false, yieldToOthers: false };

/** The methods of the operation's requests, in their order, when nothing goes wrong. */
export async function countRequests(
  sandbox: SceneSandbox,
  operation: CatalogOperation,
  how: Operate = operate,
): Promise<string[]> {
  const scene = await prepare(sandbox, operation, how);
  const logged = sandbox.requests.length;
  await scene.operate(scene, runOf(operation));
  const methods = sandbox.requests.slice(logged).map(({ method }) => method);
  await quiet(scene);
  return methods;
}

/**
 * Plays the operation with its faults, and the documented recovery after it.
 *
 * @returns how many of the faults met a request
 * @throws Divergence when live, state and program do not agree afterward, or something else was touched
 */
export async function playCell(
  sandbox: SceneSandbox,
  operation: CatalogOperation,
  faults: readonly PlacedFault[],
  { how = operate, usual }: HowToPlay = {},
): Promise<number> {
  const scene = await prepare(sandbox, operation, how);
  try {
    const declaredBefore = idsOfDeclared(scene);
    const metBefore = countMet(scene);
    const armed = faults.map(({ request, kind: { what, moment } }) => ({
      skip: request,
      times: 1,
      moment,
      what,
    }));
    const logged = sandbox.requests.length;
    const killing = faults.find(({ kind }) => kind.killsEngine);
    const { errors } = await scene.operate(scene, {
      ...runOf(operation),
      faults: armed,
      interruption: killing ? killedAt(killing.request) : undefined,
    });
    const met = countMet(scene) - metBefore;
    const isSlow = faults.some(({ kind }) => kind.what.kind === "delay" && !kind.killsEngine);
    if (isSlow && usual !== undefined && sandbox.requests.length - logged <= usual)
      scene.fail("a response was waited for beyond its deadline");
    await quiet(scene);
    // On the real engine an operation is run until its fault has met a request.
    if (how === operate) checkErrors(scene, operation, faults, errors);
    if (killing) checkSilence(scene, sandbox.requests.slice(logged + killing.request));
    checkRedirects(scene);
    checkOthers(scene);
    checkOrphans(scene);
    if (operation.run.command === "destroy") scene.program.clear();
    await recover(scene, RECOVERY);
    await checkRecovered(scene);
    checkOthers(scene);
    if (endsNothingDeclared(operation)) checkIdentity(scene, declaredBefore);
    return met;
  } finally {
    await quiet(scene);
  }
}

/** One fault changes nothing about how the operation ends, unless it may fail by it. */
function checkErrors(
  scene: Scene,
  { endsWith = "" }: CatalogOperation,
  faults: readonly PlacedFault[],
  errors: readonly RunError[],
): void {
  if (faults.length > 1 || faults.some(({ kind }) => kind.mayFail)) return;
  const codes = errors.map(({ code }) => code).join();
  if (codes !== endsWith) scene.fail(`it ended with ${codes || "no error"} instead of ${endsWith || "none"}`);
}

const killedAt = (request: number): Interruption => ({ call: 0, midway: true, afterMs: 0, request });

/** No write begins after the response of the request during which the engine was killed. */
function checkSilence(scene: Scene, [last, ...later]: readonly LoggedRequest[]): void {
  const write = later.find(
    ({ method, startedAt }) => method !== "GET" && startedAt >= (last?.endedAt ?? Infinity),
  );
  if (write) scene.fail(`${write.method} ${write.path} was sent after the engine was gone`);
}

/** The keys have gone nowhere else. */
function checkRedirects(scene: Scene): void {
  const followed = scene.sandbox.requests.find(({ path }) => path === ELSEWHERE);
  if (followed) scene.fail(`a redirect was followed, by ${followed.method} ${followed.path}`);
}

const endsNothingDeclared = ({ run }: CatalogOperation): boolean =>
  run.replace === undefined && run.command !== "destroy";

async function prepare(sandbox: SceneSandbox, operation: CatalogOperation, how: Operate): Promise<Scene> {
  sandbox.reset();
  const scene = new Scene(sandbox, new Stats(), how);
  operation.given(scene);
  const faults = operation.firstFaults?.(scene) ?? [];
  const { errors } = await scene.operate(scene, { ...PLAIN, preview: false, faults });
  if (errors.length > 0 && faults.length === 0)
    scene.fail(`what the catalog gives could not be put up: ${errors[0]?.message ?? ""}`);
  operation.change(scene);
  scene.log(`-- ${operation.name}`);
  return scene;
}

const countMet = ({ stats }: Scene): number =>
  Object.values(stats.faults).reduce((sum, count) => sum + count, 0);

/** By pair, the ids of the live connections that the program declares. */
function idsOfDeclared(scene: Scene): Map<string, string> {
  const pairs = [...scene.program.values()].flatMap(declaredRows).map(({ pair }) => pair);
  return new Map(
    pairs.flatMap((pair): [string, string][] => {
      const live = scene.liveOf(pair);
      return live ? [[pair, live.id]] : [];
    }),
  );
}

/** What was live and is declared is still the same connection: sharing has not been interrupted. */
function checkIdentity(scene: Scene, before: ReadonlyMap<string, string>): void {
  for (const [pair, id] of before) {
    const now = scene.liveOf(pair)?.id;
    if (now !== id) scene.fail(`${pair} was ${id} and is declared, and is ${now ?? "gone"} now`);
  }
}
