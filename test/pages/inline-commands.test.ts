/** Checks the commands in the text of the pages, such as `review --lookup`. Tests of the pages run those in blocks. */
import { describe, expect, test } from "vitest";
import { runCommand } from "../cli/run-command.js";
import { listPages, readPage } from "../repository/pages.js";

const COMMANDS = ["review", "map", "inventory", "discover", "doctor", "sandbox"];

/** A command with options in a code span of a page. */
interface InlineCommand {
  place: string;
  command: string;
  options: string[];
}

/** Parses `datadog-org-connections review --lookup`, or `review --lookup`. Other code spans have no result. */
function parseSpan(source: string): Omit<InlineCommand, "place"> | undefined {
  const text = source.replace(/^`+\s?|\s?`+$/g, "").replace(/\s+/g, " ");
  const [, command = "", rest = ""] = /^(?:.* )?datadog-org-connections (\w+)(.*)$/.exec(text) ??
    /^(\w+)((?: .*)? -.*)$/.exec(text) ?? [""];
  if (!COMMANDS.includes(command)) return undefined;
  // Another program's options follow a pipe or a semicolon.
  const [own = ""] = rest.split(/ [|;&>]/);
  return { command, options: own.match(/(?<= )--?[a-z][\w-]*/g) ?? [] };
}

/** The changes of earlier versions may name what no longer exists. */
const pages = listPages().filter((page) => page !== "CHANGELOG.md");

const found = pages.flatMap((page) =>
  readPage(page).codeSpans.flatMap(({ line, source }): InlineCommand[] => {
    const parsed = parseSpan(source);
    return parsed === undefined ? [] : [{ place: `${page}:${line}`, ...parsed }];
  }),
);

describe.each(COMMANDS)("%s", async (command) => {
  const { stdout } = await runCommand([command, "--help"], { columns: 200 });
  const known = new Set(stdout.match(/(?<![\w-])--?[a-z][\w-]*/g));

  test("has the options that the pages name", () => {
    expect(known).toContain("--output");
    const commands = found.filter((one) => one.command === command);
    expect(commands).not.toEqual([]);
    expect(
      commands.flatMap(({ place, options }) =>
        options.filter((option) => !known.has(option)).map((option) => `${place}: ${command} ${option}`),
      ),
    ).toEqual([]);
  });
});

test("commands and their options are found in code spans", () => {
  expect(parseSpan("`npx --no -- datadog-org-connections map --live -o a.html | cat --x`")).toEqual({
    command: "map",
    options: ["--live", "-o"],
  });
  expect(parseSpan("`review --format\nsarif`")).toEqual({ command: "review", options: ["--format"] });
  expect(parseSpan("`review`")).toBeUndefined();
  expect(parseSpan("`pulumi preview --json`")).toBeUndefined();
  expect(found.length).toBeGreaterThan(30);
});
