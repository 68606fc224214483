import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect } from "vitest";
import { useSandbox } from "../../../sandbox/harness.js";
import { createEnv } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

export interface Check {
  check: string;
  verdict: string;
  found: string;
  next?: string;
  cause?: string;
  code?: string;
}
export interface Report {
  program: Check[];
  organizations: { names: string[]; baseUrl?: string; checks: Check[] }[];
}

/** Runs `doctor --format json` in an empty folder: without a program and a Pulumi CLI, unless a test adds them. */
export function useDoctor() {
  const empty = mkdtempSync(path.join(tmpdir(), "doctor-"));
  afterAll(() => rmSync(empty, { recursive: true }));
  const sandbox = useSandbox();
  const runDoctor = async (env: Record<string, string>, ...args: string[]) => {
    const { code, stdout, stderr } = await runCommand(["doctor", "--format", "json", ...args], {
      env,
      cwd: empty,
    });
    const report = JSON.parse(stdout) as Report;
    const checks = report.organizations.flatMap((one) => one.checks);
    const problems = checks.filter(({ verdict }) => verdict === "problem");
    return { code, stdout, stderr, report, checks, problems, causes: problems.map(({ cause }) => cause) };
  };
  return { sandbox, empty, runDoctor, getEnv: (...keys: string[]) => createEnv(sandbox(), keys) };
}

export const findCheck = (checks: Check[], name: string) => checks.find(({ check }) => check === name);

/** Matches a text that contains another one, in a check. */
export const containing = (text: string) => expect.stringContaining(text) as string;

/** Starts a server and returns its `host:port`. */
export const listen = (server: Server) =>
  new Promise<string>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
