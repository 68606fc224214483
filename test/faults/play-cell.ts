/**
 * Plays one operation of the catalog with one or two faults, recovers, and compares the live with the
 * expected connections.
 */
import type { RouteName } from "../../core/src/api/routes.js";
import type { LoggedRequest } from "../../sandbox/src/index.js";
import { checkOrphans, checkOthers } from "../histories/checks.js";
import { runOnPlugin, runOperation, DEFAULT_RUN } from "../histories/operation.js";
import { isWriteRequest } from "../histories/is-write-request.js";
import type { Interruption } from "../histories/moves.js";
import { listDeclaredConnections } from "../histories/program.js";
import { checkRecovered, settle, recover } from "../histories/recovery.js";
import {
  Scenario,
  type OperationRunner,
  type RunError,
  type ScenarioSandbox,
} from "../histories/scenario.js";
import { Stats } from "../histories/stats.js";
import { createRun, type CatalogOperation } from "./catalog-operation.js";
import { canFail, ELSEWHERE, type FaultKind } from "./kinds.js";

/** A fault, and the index of the request that it affects. */
export interface PlacedFault {
  request: number;
  /** The route of the requests that `request` counts. Default: requests of all routes. */
  route?: RouteName;
  kind: FaultKind;
}

/** Options for playing a cell. */
interface PlayOptions {
  run?: OperationRunner;
  /** The count of requests without a fault. A slow request times out, and another one follows. */
  expectedRequests?: number;
}

const inProcessRunners: readonly OperationRunner[] = [runOperation, runOnPlugin];
const RECOVERY = { oneCommand: true, continueOnError: false, parallel: false, yieldToOthers: false };

/** Plays the operation without a fault, and returns the routes of its requests in order. */
export async function listRoutes(
  sandbox: ScenarioSandbox,
  operation: CatalogOperation,
  runner: OperationRunner = runOperation,
): Promise<RouteName[]> {
  const scenario = await prepareScenario(sandbox, operation, runner);
  const logged = sandbox.requests.length;
  await scenario.runOperation(scenario, createRun(operation));
  const requests = sandbox.requests.slice(logged);
  await settle(scenario);
  return requests.flatMap(({ route }) => (route === undefined ? [] : [route]));
}

/**
 * Plays the operation with its faults, and then the documented recovery.
 *
 * @returns the count of faults that affected a request
 * @throws Divergence if live connections, state and program do not agree afterward, or something else changed
 */
export async function playCell(
  sandbox: ScenarioSandbox,
  operation: CatalogOperation,
  faults: readonly PlacedFault[],
  { run: runner = runOperation, expectedRequests }: PlayOptions = {},
): Promise<number> {
  const scenario = await prepareScenario(sandbox, operation, runner);
  try {
    const declaredBefore = listDeclaredIds(scenario);
    const metBefore = countFaultsMet(scenario);
    const armed = faults.map(({ request, route, kind: { what, moment } }) => ({
      on: { route },
      skip: request,
      times: 1,
      moment,
      what,
    }));
    const logged = sandbox.requests.length;
    const killing = faults.find(({ kind }) => kind.killsEngine);
    const { errors } = await scenario.runOperation(scenario, {
      ...createRun(operation),
      faults: armed,
      interruption: killing ? createKill(killing.request) : undefined,
    });
    const met = countFaultsMet(scenario) - metBefore;
    const isSlow = faults.some(({ kind }) => kind.what.kind === "delay" && !kind.killsEngine);
    if (isSlow && expectedRequests !== undefined && sandbox.requests.length - logged <= expectedRequests)
      scenario.fail("a request did not time out at its deadline");
    await settle(scenario);
    // On the real engine, an operation runs until its fault has affected a request.
    if (inProcessRunners.includes(runner)) {
      const affected = faults.map(({ request, kind }) => ({
        kind,
        request: sandbox.requests[logged + request],
      }));
      checkErrors(scenario, operation, affected, errors);
    }
    checkCredentials(scenario, sandbox.requests.slice(logged));
    if (killing) checkNoWriteAfterKill(scenario, sandbox.requests.slice(logged + killing.request));
    checkRedirects(scenario);
    checkOthers(scenario);
    checkOrphans(scenario);
    if (operation.run.command === "destroy") scenario.program.clear();
    await recover(scenario, RECOVERY);
    await checkRecovered(scenario);
    checkCredentials(scenario, sandbox.requests.slice(logged));
    checkOthers(scenario);
    if (mustKeepConnections(operation)) checkIdentity(scenario, declaredBefore);
    return met;
  } finally {
    await settle(scenario);
  }
}

/** One fault does not change the result of the operation, unless it may make it fail. */
function checkErrors(
  scenario: Scenario,
  { expectedError = "" }: CatalogOperation,
  faults: readonly { kind: FaultKind; request: LoggedRequest | undefined }[],
  errors: readonly RunError[],
): void {
  if (faults.length > 1 || faults.some(({ kind, request }) => canFail(kind, request))) return;
  const codes = errors.map(({ code }) => code).join();
  if (codes !== expectedError)
    scenario.fail(`it failed with ${codes || "no error"} instead of ${expectedError || "none"}`);
}

/** No failure of an identity leads to keys or to other credentials, and no request has two kinds of them. */
function checkCredentials(scenario: Scenario, requests: readonly LoggedRequest[]): void {
  if (scenario.identities.size === 0) return;
  const other = requests.find(
    ({ route, path, organization = "payments", credentials }) =>
      // Checks also read the connections of other organizations, which have keys.
      organization === "payments" &&
      path !== ELSEWHERE &&
      credentials !== (route === "exchangeToken" ? "proof" : "token"),
  );
  if (other) scenario.fail(`${other.method} ${other.path} was sent with ${other.credentials}`);
}

const createKill = (request: number): Interruption => ({ call: 0, midway: true, afterMs: 0, request });

/** No write starts after the response of the request during which the engine was killed. */
function checkNoWriteAfterKill(scenario: Scenario, [last, ...later]: readonly LoggedRequest[]): void {
  const write = later.find(
    (request) => isWriteRequest(request) && request.startedAt >= (last?.endedAt ?? Infinity),
  );
  if (write) scenario.fail(`${write.method} ${write.path} was sent after the engine was gone`);
}

/** Credentials were not sent to another address. */
function checkRedirects(scenario: Scenario): void {
  const followed = scenario.sandbox.requests.find(({ path }) => path === ELSEWHERE);
  if (followed) scenario.fail(`a redirect was followed, by ${followed.method} ${followed.path}`);
}

const mustKeepConnections = ({ run }: CatalogOperation): boolean =>
  run.replace === undefined && run.command !== "destroy";

async function prepareScenario(
  sandbox: ScenarioSandbox,
  operation: CatalogOperation,
  runner: OperationRunner,
): Promise<Scenario> {
  sandbox.reset();
  const scenario = new Scenario(sandbox, new Stats(), runner);
  operation.setUp(scenario);
  const faults = operation.setUpFaults?.(scenario) ?? [];
  const { errors } = await scenario.runOperation(scenario, { ...DEFAULT_RUN, preview: false, faults });
  if (errors.length > 0 && faults.length === 0)
    scenario.fail(`the initial situation could not be deployed: ${errors[0]?.message ?? ""}`);
  operation.change(scenario);
  scenario.log(`-- ${operation.name}`);
  return scenario;
}

const countFaultsMet = ({ stats }: Scenario): number =>
  Object.values(stats.faults).reduce((sum, count) => sum + count, 0);

/** The ids of the live connections that the program declares, by pair. */
function listDeclaredIds(scenario: Scenario): Map<string, string> {
  const pairs = [...scenario.program.values()].flatMap(listDeclaredConnections).map(({ pair }) => pair);
  return new Map(
    pairs.flatMap((pair): [string, string][] => {
      const live = scenario.findLive(pair);
      return live ? [[pair, live.id]] : [];
    }),
  );
}

/** A connection that was live and is declared has the same id: sharing was not interrupted. */
function checkIdentity(scenario: Scenario, before: ReadonlyMap<string, string>): void {
  for (const [pair, id] of before) {
    const now = scenario.findLive(pair)?.id;
    if (now !== id) scenario.fail(`${pair} is declared and was ${id}, but is now ${now ?? "gone"}`);
  }
}
