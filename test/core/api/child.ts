import { spawn } from "node:child_process";
import { useBundled } from "../../bundled.js";

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
 * today's sources, bundled for these tests.
 */
export function useChild() {
  const bundle = useBundled("core/src/api/client.ts");
  return async ({
    baseUrl,
    apiKey,
    appKey,
    env = {},
    nodeFlags = [],
    options = {},
  }: Job): Promise<ChildResult> => {
    const job = { baseUrl, apiKey, appKey, auth: "headers", retry: { tries: 1 }, ...options };
    const child = spawn(process.execPath, [...nodeFlags, "-e", SCRIPT, bundle, JSON.stringify(job)], {
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

const SCRIPT = `
const { OrgConnectionsClient } = require(process.argv[1]);
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
