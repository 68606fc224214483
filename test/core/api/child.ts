import { spawn } from "node:child_process";
import type { Authentication } from "../../../core/src/api/authentication.js";
import { useBundled } from "../../bundled.js";

/** The result of a client call in a separate process. */
export interface ChildResult {
  /** The row count of the listing, if it succeeded. */
  rows?: number;
  code?: string;
  message?: string;
  networkCode?: string;
  /** The maximum memory use of the process, in MiB. */
  peak?: number;
  /**
   * The exit status and the errors of the process, if it failed, for example because it ran out of memory.
   */
  crash?: string;
}

/** A listing in a separate process. */
interface Job {
  baseUrl: string;
  authentication: Authentication;
  /** The environment. Only PATH is inherited from this process. */
  env?: Record<string, string>;
  nodeFlags?: string[];
  /** More options of the client. */
  options?: { requestTimeoutMs?: number };
}

/**
 * Runs a client in a separate Node process, which reads the environment at its start and can have a memory
 * limit. It runs the current sources, bundled for these tests.
 */
export function useChild() {
  const bundle = useBundled("core/src/api/client.ts");
  return async ({
    baseUrl,
    authentication,
    env = {},
    nodeFlags = [],
    options = {},
  }: Job): Promise<ChildResult> => {
    const job = { baseUrl, authentication, retry: { maxAttempts: 1 }, ...options };
    const child = spawn(process.execPath, [...nodeFlags, "-e", SCRIPT, bundle, JSON.stringify(job)], {
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const exitStatus = await new Promise<string>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(String(signal ?? code)));
    });
    if (exitStatus !== "0") return { crash: `${exitStatus}: ${stderr.slice(0, 2000)}` };
    return JSON.parse(stdout) as ChildResult;
  };
}

const SCRIPT = `
const { OrgConnectionsClient } = require(process.argv[1]);
const client = new OrgConnectionsClient({ label: "organization x", credentialsFrom: "X and Y", ...JSON.parse(process.argv[2]) });
const end = (result) => {
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ ...result, peak }), () => process.exit(0));
};
client.list().then(
  ({ connections }) => end({ rows: connections.length }),
  ({ code, message, facts }) => end({ code, message, networkCode: facts && facts.networkCode }),
);
`;
