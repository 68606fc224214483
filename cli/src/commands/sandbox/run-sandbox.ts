import { once } from "node:events";
import * as v from "valibot";
import { createSeed, parseSeed, startSandbox } from "datadog-org-connections-sandbox";
import { EXIT } from "../../shared/exit-codes.js";
import { parseJsonInput, readInput } from "../../shared/read-input.js";
import { formatJson } from "../../shared/text.js";
import { prepareOutput } from "../../shared/write-atomic.js";
import { formatStartMessage } from "./start-message.js";
import type { RateLimitOptions, SandboxSeed } from "datadog-org-connections-sandbox";
import type { CommandContext } from "../../shared/command.js";
import type { OutputOptions } from "../../shared/output-options.js";

export type Format = "text" | "json";

/** The options of `sandbox`. */
export interface SandboxOptions extends OutputOptions<Format> {
  port: number;
  state?: string;
  seed?: string;
  rateLimit?: RateLimitOptions;
  tokenLifetime?: number;
  sentinels?: true;
}

/** Runs the sandbox until `context.signal` is aborted, and returns the exit code. */
export async function runSandbox(options: SandboxOptions, context: CommandContext): Promise<number> {
  const { stderr, signal } = context;
  const write = prepareOutput(options, context);
  const base = options.seed === undefined ? undefined : await readSeed(options.seed, context);
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  try {
    sandbox = await startSandbox({
      port: options.port,
      seed: createSeed({ base, sentinels: options.sentinels }),
      stateFile: options.state,
      rateLimit: options.rateLimit,
      tokenLifetimeSeconds: options.tokenLifetime,
    });
  } catch (error) {
    stderr.write(`The sandbox did not start: ${explainFailure(error, options.port)}\n`);
    return EXIT.failed;
  }
  const { url, organizations } = sandbox;
  try {
    const isJson = options.format === "json";
    write(isJson ? `${formatJson({ url, organizations })}\n` : formatStartMessage(url, organizations));
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    await sandbox.close();
  }
  return EXIT.ok;
}

const portInUseSchema = v.object({ code: v.literal("EADDRINUSE") });

function explainFailure(error: unknown, port: number): string {
  if (v.is(portInUseSchema, error)) {
    return (
      `port ${port} of 127.0.0.1 is in use, perhaps by another sandbox. ` +
      "Stop the program that uses the port, or pass another port: --port 0 selects a free one."
    );
  }
  return error instanceof Error ? error.message : String(error);
}

const EXPECTED = "a seed: a JSON object with `accounts`, each with `organizations`";

/**
 * Reads the seed of a sandbox from a JSON file, or from standard input for `-`.
 *
 * @throws an error that names the input and, if a field is invalid, the field
 */
async function readSeed(file: string, context: Pick<CommandContext, "cwd" | "stdin">): Promise<SandboxSeed> {
  const input = await readInput(file, EXPECTED, context);
  const value = parseJsonInput(input, EXPECTED);
  try {
    return parseSeed(value);
  } catch (error) {
    throw new Error(
      `${input.name} is not a seed: ${error instanceof Error ? error.message : String(error)}.`,
      {
        cause: error,
      },
    );
  }
}
