#!/usr/bin/env node
import { EXIT } from "./shared/exit-codes.js";
import { openOutput, describeWriteFailure } from "./shared/output.js";
import { formatSentence } from "datadog-org-connections-core/text/escape-text.js";
import { run } from "./run.js";
import { STOP_SIGNALS, Stopped } from "./shared/stop.js";

const stop = new AbortController();
// A message that cannot be written does not fail the command, because the exit code reports the result.
const stderr = openOutput(process.stderr, () => undefined);
const stdout = openOutput(process.stdout, (error) =>
  fail(describeWriteFailure("Standard output", error, "redirect standard output to another file")),
);

for (const name of STOP_SIGNALS) {
  // Handle the signal only once, so that a second Ctrl-C ends a command that is slow to stop.
  process.once(name, () => stop.abort(new Stopped(name)));
}
process.on("uncaughtException", (error: unknown) => {
  const message = formatSentence(error instanceof Error ? error.message : String(error));
  fail(
    `The command failed unexpectedly: ${message}. This is a bug in datadog-org-connections: please report it.`,
  );
});

void run(process.argv.slice(2), {
  stdout,
  stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
}).then((code) => {
  process.exitCode = code;
  // A stopped command may still be waiting for a server.
  if (stop.signal.aborted) process.exit();
});

/** Reports a fatal error and ends the process immediately. */
function fail(message: string): never {
  // The abort clears the progress line before the message is written.
  stop.abort();
  stderr.write(`${message}\n`);
  process.exit(EXIT.failed);
}
