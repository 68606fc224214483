import { describe, expect, test } from "vitest";
import { plainLayout, selectLayout } from "../../../cli/src/shared/terminal.js";

const write = () => undefined;
const createTerminal = (columns: number, isColored = false) =>
  selectLayout({}, { stdout: { write, columns, isColored } });
const WORDS = "one two three four five six seven eight nine ten eleven twelve";

test.each([
  ["a file", selectLayout({ output: "out.txt" }, { stdout: { write, columns: 40, isColored: true } })],
  ["a pipe or a log", selectLayout({}, { stdout: { write } })],
])("%s gets no line breaks and no colors", (_, layout) => {
  expect(layout).toBe(plainLayout);
  expect(layout.hang("- ", WORDS, layout.paint("red", "- "))).toBe(`- ${WORDS}`);
});

describe("in a terminal", () => {
  test("the other lines of a paragraph are indented by its prefix", () => {
    expect(createTerminal(50).hang("- ", WORDS).split("\n")).toEqual([
      "- one two three four five six seven eight nine ten",
      "  eleven twelve",
    ]);
  });

  test("a text next to a wide prefix begins on a new line if the terminal is narrow", () => {
    const lines = createTerminal(50).hang("  problem  write      ", WORDS).split("\n");
    expect(lines).toEqual([
      "  problem  write",
      "    one two three four five six seven eight nine",
      "    ten eleven twelve",
    ]);
  });

  test("a command is not broken, even if it is longer than a line", () => {
    const command = "`pulumi config set --secret datadog-org-connections:organizations[payments].apiKey`";
    expect(createTerminal(50).hang("", `Run ${command} and then run it again.`)).toContain(command);
  });

  test("a prefix with styles has the width of its characters", () => {
    const layout = createTerminal(50, true);
    const painted = layout.paint("red", "- ");
    expect(painted).toBe("\u001b[31m- \u001b[39m");
    expect(layout.hang("- ", WORDS, painted).split("\n")[1]).toBe("  eleven twelve");
    expect(createTerminal(50).paint("red", "- ")).toBe("- ");
  });

  test("lines are not wider than is readable", () => {
    const lines = createTerminal(500).hang("", `${WORDS} `.repeat(9).trim()).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
