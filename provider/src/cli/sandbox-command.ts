import { parseArgs } from "node:util";
import { seedWith, startSandbox, type Sandbox, type SandboxOptions } from "../sandbox/index.js";
import { UsageError, type CommandContext } from "./command.js";
import { renderSandbox } from "./sandbox-text.js";

const DEFAULT_PORT = 8126;

const usage = `Usage: org-connections sandbox [--port ${DEFAULT_PORT}] [--state FILE] [--rate-limit N/SECONDS] [--sentinels] [--json]

Starts a local imitation of the Datadog API of organization connections, and stays until it is stopped (Ctrl-C).

  --port N                 listen on 127.0.0.1:N; 0 takes a free port (default ${DEFAULT_PORT})
  --state FILE             keep organizations and connections in FILE
  --rate-limit N/SECONDS   let each organization send N requests in so many seconds (default: no limit)
  --sentinels              add organizations that make a create fail when they are its sink
  --json                   print one line of JSON: url and organizations
`;

/** `org-connections sandbox`: runs until the signal is aborted. */
export async function runSandbox(
  args: string[],
  { stdout, stderr, signal }: CommandContext,
): Promise<number> {
  let options: ReturnType<typeof parse>;
  try {
    options = parse(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`${error.message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    stdout.write(usage);
    return 0;
  }

  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox(options.sandbox);
  } catch (error) {
    stderr.write(`the sandbox did not start: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  const { url, organizations } = sandbox;
  stdout.write(
    options.json ? `${JSON.stringify({ url, organizations })}\n` : renderSandbox(url, organizations),
  );
  await aborted(signal);
  await sandbox.close();
  return 0;
}

function parse(args: string[]): { help: boolean; json: boolean; sandbox: SandboxOptions } {
  const values = parseFlags(args);
  const rateLimit = parseRateLimit(values["rate-limit"]);
  return {
    help: values.help ?? false,
    json: values.json ?? false,
    sandbox: {
      port: parsePort(values.port),
      seed: seedWith({ sentinels: values.sentinels ?? false }),
      ...(values.state !== undefined && { stateFile: values.state }),
      ...(rateLimit && { rateLimit }),
    },
  };
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        state: { type: "string" },
        "rate-limit": { type: "string" },
        sentinels: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parsePort(text = String(DEFAULT_PORT)): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new UsageError(`--port: "${text}" is no port`);
  return Number(text);
}

function parseRateLimit(text: string | undefined): SandboxOptions["rateLimit"] {
  if (text === undefined) return undefined;
  const match = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text);
  if (!match) throw new UsageError(`--rate-limit: "${text}" is not of the form N/SECONDS, such as 100/60`);
  return { limit: Number(match[1]), periodSeconds: Number(match[2]) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
