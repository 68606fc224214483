import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../tree.js";
import { parseWorkflowCommands } from "./workflow-commands.js";

const SCRIPT = path.join(ROOT, "examples/ci/ci/filter-events.mjs");

const filter = (...lines: string[]) => {
  const { stdout, stderr } = spawnSync(process.execPath, [SCRIPT], {
    input: lines.map((line) => `${line}\n`).join(""),
    encoding: "utf8",
  });
  return { stdout: stdout.split("\n").slice(0, -1), stderr };
};
const diagnose = (severity: string, message: string, more: object = {}) =>
  JSON.stringify({ sequence: 1, diagnosticEvent: { prefix: "", message, severity, ...more } });

test("all events are copied unchanged, except those of severity debug", () => {
  const debug = diagnose("debug", "value,,,the-secret");
  const kept = [
    `{"sequence":0,  "preludeEvent":{"config":{}}}`,
    // Not a diagnostic: a resource with such an input.
    `{"sequence":1,"resourcePreEvent":{"metadata":{"diagnosticEvent":{"severity":"debug"}}}}`,
    diagnose("info", "hello"),
    diagnose("error", "broken\n"),
    "not JSON",
    "null",
  ];
  expect(filter(debug, ...kept, debug).stdout).toEqual(kept);
});

test("errors are printed, and nothing else", () => {
  const { stderr } = filter(
    diagnose("error", "Running program failed:\nError: broken\n    at index.ts:1:1\n"),
    diagnose("info#err", "Error: unknown property\n\n"),
    diagnose("info#err", "\n"),
    diagnose("info#err", "soon replaced", { ephemeral: true }),
    diagnose("info", "information"),
    diagnose("warning", "a warning"),
    diagnose("toString", "not a severity"),
  );
  expect(stderr).toBe(
    "error: Running program failed: Error: broken at index.ts:1:1\nstderr: Error: unknown property\n",
  );
});

test("an error stays one line of plain text, which is no command of a CI system", () => {
  const hostile =
    "::error::harm\n::set-output name=code::0\r\n##[add-mask]harm\u2028\u001b[0Ksection_start:1:a\r\u202e\u0007<{%reset%}>end";
  for (const severity of ["error", "info#err"]) {
    const { stdout, stderr } = filter(diagnose(severity, hostile));
    expect(stderr.trimEnd()).not.toMatch(/[\p{C}\u2028]/u);
    expect(stderr).toMatch(/^(error|stderr): ::error::harm .* end\n$/);
    expect(parseWorkflowCommands({ stdout: "", stderr })).toEqual([]);
    expect(stdout).toHaveLength(1);
  }
});
