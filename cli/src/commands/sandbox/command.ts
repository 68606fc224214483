import { InvalidArgumentError } from "commander";
import type { RateLimitOptions } from "datadog-org-connections-sandbox";
import type { Format, SandboxOptions } from "./run-sandbox.js";
import type { DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails } from "../../shared/help.js";
import { addOutputOptions } from "../../shared/output-options.js";

const FORMATS = ["text", "json"] as const satisfies Format[];

/** Defines `datadog-org-connections sandbox`, which runs until `context.signal` is aborted. */
export const defineSandbox: DefineCommand = (program, context, wrapAction) => {
  const command = program
    .command("sandbox")
    .summary("start a local imitation of the API with made-up organizations and keys")
    .description(
      "Starts a local imitation of the Datadog API for organization connections. It runs until you stop it (Ctrl-C).",
    )
    .option("--port <n>", "listen on 127.0.0.1:<n>; 0 selects a free port", parsePort, 8226)
    .option(
      "--state <file>",
      "save organizations and connections in a file; if the file exists, start with its content instead of a seed",
    )
    .option(
      "--seed <file>",
      "start with the organizations and connections in a JSON file (- is standard input)",
    )
    .option(
      "--rate-limit <n/seconds>",
      "limit each organization to n requests in each period of this many seconds (default: no limit)",
      parseRateLimit,
    )
    .option(
      "--token-lifetime <seconds>",
      "let access tokens of workload identities expire after this time (default: 900)",
      parseSeconds,
    )
    .option(
      "--sentinels",
      "add destination organizations to the seed; a create to each of them fails in a different way",
    );
  addOutputOptions(command, FORMATS);
  addHelpDetails(command, {
    paragraphs: ["The README of the package datadog-org-connections-sandbox describes the format of --seed."],
    examples: [
      "datadog-org-connections sandbox --port 0 --format json -o sandbox.json",
      "datadog-org-connections sandbox --state sandbox-state.json --rate-limit 100/60",
      "datadog-org-connections sandbox --seed seed.json",
    ],
    exitCodes: [[EXIT.ok, "stopped"]],
  }).action(
    wrapAction(
      async (options: SandboxOptions) => (await import("./run-sandbox.js")).runSandbox(options, context),
      { handlesAbort: true },
    ),
  );
};

function parsePort(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError("It must be a port, from 0 to 65535.");
  return Number(value);
}

function parseRateLimit(value: string): RateLimitOptions {
  const match = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(value);
  if (!match)
    throw new InvalidArgumentError(
      "It must have the form N/SECONDS, such as 100/60, with numbers from 1 to 999999.",
    );
  return { limit: Number(match[1]), periodSeconds: Number(match[2]) };
}

function parseSeconds(value: string): number {
  if (!/^\d{1,9}$/.test(value))
    throw new InvalidArgumentError("It must be a count of seconds from 0 to 999999999, such as 900.");
  return Number(value);
}
