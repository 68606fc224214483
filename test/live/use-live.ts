import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach } from "vitest";
import type { AssumptionName } from "../../sandbox/src/assumptions.js";
import type { Sandbox } from "../../sandbox/src/index.js";
import { ROOT } from "../tree.js";
import { runLive } from "./run-live.js";
import { type SandboxTarget, startSandboxTarget } from "./sandbox-target.js";

/** The content of verdict.json. */
interface ReportedVerdict {
  passed: boolean;
  stopReason?: string;
  leftBehind?: string;
  assumptions: { name: string; verdict: string; observed?: string; reason?: string }[];
  journeys: { name: string; result: string; why: string }[];
}

/** A run in this process. */
interface LiveRun {
  code: number;
  /** All that was printed and logged. */
  output: string;
  /** Missing if the run was refused. */
  verdict: ReportedVerdict | undefined;
}

/** Runs `npm run test:live` in this process, without journeys unless `args` select some. */
export function useLive() {
  const folder = mkdtempSync(path.join(tmpdir(), "use-live-"));
  const targets: SandboxTarget[] = [];
  afterEach(async () => {
    for (const { sandbox } of targets.splice(0)) await sandbox.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    journal: path.join(folder, "journal.json"),
    /** Starts a sandbox that a run does not know as one. */
    startTarget: async (deviate?: AssumptionName): Promise<SandboxTarget> => {
      const target = await startSandboxTarget(deviate);
      targets.push(target);
      return target;
    },
    run: async (
      args: readonly string[],
      env: Record<string, string | undefined> = {},
      signal = new AbortController().signal,
    ): Promise<LiveRun> => {
      const report = mkdtempSync(path.join(folder, "report-"));
      const output: string[] = [];
      const print = (text: string) => void output.push(text);
      const common = [
        "--journeys",
        "none",
        "--report",
        report,
        "--journal",
        path.join(folder, "journal.json"),
      ];
      const code = await runLive({
        args: [...common, ...args],
        env,
        root: ROOT,
        signal,
        print,
        logLine: print,
        preparePulumi: () => Promise.resolve(process.env["PULUMI_TEST_BIN"] ?? ""),
      });
      return { code, output: output.join("\n"), verdict: readVerdict(path.join(report, "verdict.json")) };
    },
  };
}

function readVerdict(file: string): ReportedVerdict | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ReportedVerdict;
  } catch {
    return undefined; // the run was refused
  }
}

/** Lists the assumptions with a verdict. */
export const listNames = (run: LiveRun, verdict: string): string[] =>
  (run.verdict?.assumptions ?? []).filter((row) => row.verdict === verdict).map(({ name }) => name);

/** The environment of a run against a sandbox. */
export const enable = ({ env }: SandboxTarget): Record<string, string> => ({ ...env, DD_LIVE_TEST: "1" });

/** The requests of a sandbox that could change something. */
export const listWrites = ({ requests }: Sandbox): string[] =>
  requests.filter(({ method }) => method !== "GET").map(({ method, path: at }) => `${method} ${at}`);
