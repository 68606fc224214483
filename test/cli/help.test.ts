import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openOutput } from "../../cli/src/shared/output.js";
import { ROOT } from "../tree.js";
import { runCommand } from "./run-command.js";

const COMMANDS = ["review", "map", "inventory", "discover", "doctor", "sandbox"];

async function readHelp(args: string[], columns?: number): Promise<string[]> {
  const { code, stdout } = await runCommand([...args, "--help"], { columns });
  expect(code).toBe(0);
  return stdout.split("\n");
}

/** The lines below `Examples:`, which are commands to copy. */
function listExamples(lines: readonly string[]): string[] {
  const start = lines.indexOf("Examples:") + 1;
  return start === 0 ? [] : lines.slice(start, lines.indexOf("", start));
}

describe.each([[], ...COMMANDS.map((command) => [command])])("the help %s", (...args) => {
  test.each([60, 80, 100])("fits a terminal of %d columns, except for the examples", async (columns) => {
    const lines = await readHelp(args, columns);
    const examples = listExamples(lines);
    expect(lines.filter((line) => line.length > columns && !examples.includes(line))).toEqual([]);
    expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(columns - 20);
  });

  test("has the same words and examples at each width", async () => {
    const [narrow, wide] = [await readHelp(args, 60), await readHelp(args, 300)];
    expect(narrow.join(" ").split(/\s+/)).toEqual(wide.join(" ").split(/\s+/));
    expect(listExamples(narrow)).toEqual(listExamples(wide));
    expect(wide.length).toBeLessThan(narrow.length);
  });

  test("has lines of 80 columns if the output is not a terminal", async () => {
    expect(await readHelp(args)).toEqual(await readHelp(args, 80));
  });

  test("lists the exit codes for a failure and for invalid usage", async () => {
    const lines = await readHelp(args, 100);
    const codes = lines
      .slice(lines.indexOf("Exit codes:") + 1)
      .flatMap((line) => /^ {2}(\d+) {2}/.exec(line)?.[1] ?? []);
    expect(codes).toEqual(expect.arrayContaining(["0", "1", "2"]));
    expect(new Set(codes).size).toBe(codes.length);
  });
});

test.each(COMMANDS)("%s has examples", async (command) => {
  const examples = listExamples(await readHelp([command]));
  expect(examples.some((line) => line.includes(`datadog-org-connections ${command}`))).toBe(true);
});

test.each(["--version", "-V"])("%s prints the version of the package", async (option) => {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, "cli/package.json"), "utf8")) as {
    version: string;
  };
  expect(await runCommand([option])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("the width is that of the terminal, and unknown for a file or a pipe", () => {
  const stream = Object.assign(Object.create(process.stdout) as typeof process.stdout, { columns: 57 });
  const openAs = (isTTY: boolean) =>
    openOutput(Object.assign(stream, { isTTY, hasColors: () => false }), () => undefined).columns;
  expect([openAs(true), openAs(false)]).toEqual([57, undefined]);
});
