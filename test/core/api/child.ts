import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { afterAll, beforeAll } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** What a call of the client came to, in a process of its own. */
export interface ChildResult {
  /** Rows of the listing, when it was had. */
  rows?: number;
  code?: string;
  message?: string;
  networkCode?: string;
  /** The most memory the process had, in MiB. */
  peak?: number;
  /** How the process ended, when not by itself: its memory was used up, say. */
  died?: string;
}

/** One listing in a process of its own. */
interface Job {
  baseUrl: string;
  apiKey: string;
  appKey: string;
  /** Instead of this process's, of which only PATH is kept. */
  env?: Record<string, string>;
  nodeFlags?: string[];
  /** Options of the client besides. */
  options?: { tryTimeoutMs?: number; auth?: "headers" | "query" };
}

/**
 * A client in a Node process of its own: the environment is read at its start, and its memory can be bounded. It runs
 * today's sources, compiled for these tests.
 */
export function useChild() {
  let folder = "";
  beforeAll(() => {
    mkdirSync(path.join(ROOT, ".local"), { recursive: true });
    folder = mkdtempSync(path.join(ROOT, ".local/client-child-"));
    for (const part of ["client", "errors", "text"]) compile(part, path.join(folder, "dist", part));
    writeFileSync(
      path.join(folder, "package.json"),
      '{ "name": "child", "version": "0.0.0", "type": "commonjs" }',
    );
    writeFileSync(path.join(folder, "run.cjs"), SCRIPT);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return async ({
    baseUrl,
    apiKey,
    appKey,
    env = {},
    nodeFlags = [],
    options = {},
  }: Job): Promise<ChildResult> => {
    const job = { baseUrl, apiKey, appKey, auth: "headers", retry: { tries: 1 }, ...options };
    const child = spawn(process.execPath, [...nodeFlags, path.join(folder, "run.cjs"), JSON.stringify(job)], {
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = await new Promise<string>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(String(signal ?? code)));
    });
    if (ended !== "0") return { died: `${ended}: ${stderr.slice(0, 2000)}` };
    return JSON.parse(stdout) as ChildResult;
  };
}

function compile(part: string, target: string): void {
  const source = path.join(ROOT, "provider/src", part);
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(source).filter((name) => name.endsWith(".ts"))) {
    const { outputText } = ts.transpileModule(readFileSync(path.join(source, file), "utf8"), {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    });
    writeFileSync(path.join(target, file.replace(/\.ts$/, ".js")), outputText);
  }
}

const SCRIPT = `
const { OrgConnectionsClient } = require("./dist/client/client.js");
const client = new OrgConnectionsClient({ label: "organization x", keysFrom: "X and Y", ...JSON.parse(process.argv[2]) });
const end = (result) => {
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ ...result, peak }), () => process.exit(0));
};
client.list().then(
  ({ connections }) => end({ rows: connections.length }),
  ({ code, message, facts }) => end({ code, message, networkCode: facts && facts.networkCode }),
);
`;
