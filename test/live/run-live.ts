import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { listSecrets } from "../../core/src/api/authentication.js";
import { isDatadogUrl } from "../../core/src/credentials/base-url.js";
import { type Exchange, type Gateway, startGateway } from "./gateway/gateway.js";
import { openJournal } from "./gateway/journal.js";
import { cleanUp, prepareRun, type Run } from "./gateway/prepare-run.js";
import {
  createGatewayEnv,
  LiveError,
  type LiveInputs,
  type LiveOptions,
  parseOptions,
  resolveInputs,
} from "./inputs.js";
import { runJourneys } from "./journeys/run-journeys.js";
import type { ProbeContext } from "./probes/probe.js";
import { createAuthenticate, createSendRequest } from "./probes/send-request.js";
import { runProbes } from "./probes/write-probes.js";
import { createRecording } from "./recording/create-recording.js";
import { writeRecording } from "./recording/recording.js";
import { startSandboxTarget } from "./sandbox-target.js";
import {
  formatJson,
  formatMarkdown,
  formatText,
  isPassed,
  judgeAssumptions,
  listRefuted,
  type Verdict,
} from "./verdict.js";

/** What a run gets from its process. */
interface LiveProcess {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** The folder of the repository. */
  root: string;
  /** Aborted by Ctrl-C. The run then cleans up. */
  signal: AbortSignal;
  print: (text: string) => void;
  logLine: (line: string) => void;
  /** Returns the folder of the Pulumi CLI. Installs it, and builds the packages, if that is necessary. */
  preparePulumi(): Promise<string>;
}

/** The exit codes: passed; something was refuted, failed or left; nothing was tested. */
export const EXIT = { passed: 0, failed: 1, refused: 2 } as const;

const OFF =
  "The live test is off, and sent no request. It creates and deletes connections between two organizations. To run it, set " +
  "DD_LIVE_TEST=1, the credentials and the UUIDs of both: docs/guides/test-live.md. With --sandbox, it tests a local sandbox.";

/** Runs `npm run test:live`. Returns the exit code. */
export async function runLive(live: LiveProcess): Promise<number> {
  try {
    const options = parseOptions(live.args);
    if (!options.sandbox && live.env["DD_LIVE_TEST"] !== "1") throw new LiveError(OFF);
    return options.sandbox
      ? await runAgainstSandbox(live, options)
      : await runAgainst(live, options, live.env);
  } catch (error) {
    if (!(error instanceof LiveError)) throw error;
    live.logLine(error.message);
    return EXIT.refused;
  }
}

async function runAgainstSandbox(live: LiveProcess, options: LiveOptions): Promise<number> {
  const { env, sandbox } = await startSandboxTarget(options.deviate);
  const others = Object.entries(live.env).filter(([name]) => !/^(DD|DATADOG)_/.test(name));
  const before = JSON.stringify(sandbox.listConnections());
  try {
    const code = await runAgainst(live, options, { ...Object.fromEntries(others), ...env });
    if (JSON.stringify(sandbox.listConnections()) === before) return code;
    live.logLine("The run did not leave the connections of the sandbox as they were.");
    return EXIT.failed;
  } finally {
    await sandbox.close();
  }
}

async function runAgainst(live: LiveProcess, options: LiveOptions, env: LiveProcess["env"]): Promise<number> {
  const inputs = resolveInputs(env);
  const needsPulumi = options.journeys.some((name) => name === "dynamic" || name === "plugin");
  // Before anything is created, because this can fail.
  const pulumiDir = needsPulumi ? await live.preparePulumi() : undefined;
  // What a run leaves in its own sandbox ends with the sandbox.
  const folder = options.sandbox ? mkdtempSync(path.join(tmpdir(), "live-")) : undefined;
  const journal = openJournal(
    folder === undefined ? path.resolve(live.root, options.journal) : path.join(folder, "journal.json"),
  );
  const exchanges: Exchange[] = [];
  const gateway = await startGateway({
    target: inputs.target,
    sourceOrgId: inputs.source.organizationId,
    sinkOrgId: inputs.sink.organizationId,
    journal,
    maxRequests: options.maxRequests,
    deadline: Date.now() + options.minutes * 60_000,
    onExchange: (exchange) => void exchanges.push(exchange),
  }).catch(rethrowAsLiveError);
  try {
    const context = createProbeContext(inputs, gateway, live.signal);
    const run = {
      gateway,
      journal,
      sourceHeaders: await context.authenticate.source(),
      sinkHeaders: await context.authenticate.sink(),
    };
    await prepareRun(run).catch(rethrowAsLiveError);
    const startedAt = new Date().toISOString();
    const part = await runParts(live, options, {
      env: createGatewayEnv(env, gateway.url),
      run,
      probes: context,
      pulumiDir,
    });
    const leftBehind = await cleanUp(run).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const verdict = { target: describeTarget(inputs.target), startedAt, ...part, leftBehind };
    reportVerdict(live, options, verdict);
    const problem =
      options.record === undefined
        ? undefined
        : recordExchanges(path.resolve(live.root, options.record), exchanges, inputs);
    if (problem !== undefined) {
      live.logLine(`There is no recording: ${problem}`);
      return EXIT.failed;
    }
    return isPassed(verdict) ? EXIT.passed : EXIT.failed;
  } finally {
    await gateway.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the probes, and then the journeys. Whatever happens, there is a verdict on what was seen. */
async function runParts(
  live: LiveProcess,
  options: LiveOptions,
  prepared: { env: LiveProcess["env"]; run: Run; probes: ProbeContext; pulumiDir: string | undefined },
): Promise<Pick<Verdict, "assumptions" | "journeys" | "stopReason">> {
  const { logLine, root, signal } = live;
  const { run, probes } = prepared;
  let stopReason = await runProbes(probes, logLine);
  const assumptions = judgeAssumptions(probes.evidence);
  const names = stopReason === undefined ? options.journeys : [];
  const journeys = await runJourneys(names, { ...prepared, root, logLine }, listRefuted({ assumptions }));
  if (signal.aborted) stopReason ??= "it was interrupted.";
  return { assumptions, journeys, stopReason: stopReason ?? run.gateway.refusals[0] };
}

function createProbeContext(inputs: LiveInputs, gateway: Gateway, signal: AbortSignal): ProbeContext {
  const sendRequest = createSendRequest(gateway.url, signal);
  const viaGateway = (credentials: typeof inputs.source) => ({ ...credentials, baseUrl: gateway.url });
  return {
    inputs,
    sendRequest,
    authenticate: {
      source: createAuthenticate(viaGateway(inputs.source), sendRequest),
      sink: createAuthenticate(viaGateway(inputs.sink), sendRequest),
    },
    evidence: { sourceOrgId: gateway.sourceOrgId, sinkOrgId: gateway.sinkOrgId, missing: {} },
    createUnusedId: () => gateway.createUnusedId(),
  };
}

function reportVerdict({ root, print }: LiveProcess, { report }: LiveOptions, verdict: Verdict): void {
  print(formatText(verdict));
  if (report === undefined) return;
  const folder = path.resolve(root, report);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "verdict.md"), formatMarkdown(verdict));
  writeFileSync(path.join(folder, "verdict.json"), formatJson(verdict));
}

const describeTarget = (url: string): string => (isDatadogUrl(url) ? url : "another address than Datadog's");

/** The messages of the gates say what is wrong. */
function rethrowAsLiveError(error: unknown): never {
  throw new LiveError(error instanceof Error ? error.message : String(error));
}

/** Writes the exchanges of a run as a recording. Returns why it could not, if so. */
function recordExchanges(
  file: string,
  exchanges: readonly Exchange[],
  inputs: LiveInputs,
): string | undefined {
  try {
    writeRecording(file, createRecording(exchanges, listOwners(inputs)));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Lists the organization of each configured credential. */
function listOwners({ source, sink, extras }: LiveInputs): Map<string, string> {
  return new Map(
    [source, sink, ...Object.values(extras)].flatMap(({ authentication, organizationId }) =>
      organizationId === undefined
        ? []
        : listSecrets(authentication).map((secret): [string, string] => [
            secret,
            organizationId.toLowerCase(),
          ]),
    ),
  );
}
