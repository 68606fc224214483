// Copies the events of `pulumi preview --json` from standard input to standard output, and prints the errors to standard error.
// Leaves out the events of severity `debug`: they contain secrets that the program creates, in plain text.
import { createInterface } from "node:readline";

/** The severities of errors, and the beginning of their lines. Programs and providers print the second to standard error. */
const ERRORS = { error: "error", "info#err": "stderr" };

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { severity, message, ephemeral } = parseDiagnostic(line);
  if (severity === "debug") continue;
  process.stdout.write(`${line}\n`);
  const text = toPlainLine(message);
  if (Object.hasOwn(ERRORS, severity) && !ephemeral && text !== "")
    console.error(`${ERRORS[severity]}: ${text}`);
}

/** What is not an event is copied: the review explains what is wrong with it. */
function parseDiagnostic(line) {
  try {
    return JSON.parse(line)?.diagnosticEvent ?? {};
  } catch {
    return {};
  }
}

/** A message is untrusted: it stays one line, without control characters, color codes and commands of a CI system. */
function toPlainLine(message) {
  return String(message)
    .replaceAll(/<\{%[^%]*%\}>/g, "")
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .replaceAll("##[", "# #[")
    .trim();
}
