import { InvalidArgumentError } from "commander";
import type { RateLimitOptions } from "datadog-org-connections-sandbox";
import type { CommandContext, DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";

interface Options {
  port: number;
  state?: string;
  rateLimit?: RateLimitOptions;
  sentinels?: true;
  json?: true;
}

/** `datadog-org-connections sandbox`: runs until the signal is aborted. */
export const defineSandbox: DefineCommand = (program, context, action) => {
  program
    .command("sandbox")
    .summary("start a local imitation of the API, with made-up organizations and keys")
    .description(
      "Starts a local imitation of the Datadog API of organization connections, and stays until it is stopped (Ctrl-C).",
    )
    .option("--port <n>", "listen on 127.0.0.1:<n>; 0 takes a free port", parsePort, 8126)
    .option("--state <file>", "keep organizations and connections in a file")
    .option(
      "--rate-limit <n/seconds>",
      "let each organization send so many requests in so many seconds (default: no limit)",
      parseRateLimit,
    )
    .option("--sentinels", "add organizations that make a create fail when they are its sink")
    .option("--json", "print one line of JSON: url and organizations")
    .action(action((options: Options) => runSandbox(options, context), { stopsItself: true }));
};

async function runSandbox(options: Options, { stdout, stderr, signal }: CommandContext): Promise<number> {
  const { seedWith, startSandbox } = await import("datadog-org-connections-sandbox");
  const { renderSandbox } = await import("./text.js");
  const { formatJson } = await import("../../shared/text.js");
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  try {
    sandbox = await startSandbox({
      port: options.port,
      seed: seedWith({ sentinels: options.sentinels }),
      stateFile: options.state,
      rateLimit: options.rateLimit,
    });
  } catch (error) {
    stderr.write(`the sandbox did not start: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }
  const { url, organizations } = sandbox;
  stdout.write(options.json ? `${formatJson({ url, organizations })}\n` : renderSandbox(url, organizations));
  await waitForAbort(signal);
  await sandbox.close();
  return EXIT.ok;
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("It is no port.");
  return Number(text);
}

function parseRateLimit(text: string): RateLimitOptions {
  const match = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text);
  if (!match) throw new InvalidArgumentError("It is not of the form N/SECONDS, such as 100/60.");
  return { limit: Number(match[1]), periodSeconds: Number(match[2]) };
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
