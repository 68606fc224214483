import { describe, expect, it } from "vitest";
import {
  escapeMarkdown,
  formatCode,
  formatMarkdownTable,
  formatMessage,
} from "../../../cli/src/shared/markdown.js";

const ZERO_WIDTH_SPACE = "&#8203;";

describe("text from outside, in Markdown", () => {
  it.each([
    ["Acme Payments", "Acme Payments"],
    ["a_b*c`d~e", "a\\_b\\*c\\`d\\~e".replace("~", `~${ZERO_WIDTH_SPACE}`)],
    ["[x](https://evil.example)", `\\[x\\](https:${ZERO_WIDTH_SPACE}//evil.${ZERO_WIDTH_SPACE}example)`],
    ["<b>&amp;</b>", `&#60;b&#62;&#38;${ZERO_WIDTH_SPACE}amp;&#60;/b&#62;`],
    ["@security #12", `@${ZERO_WIDTH_SPACE}security \\#${ZERO_WIDTH_SPACE}12`],
    ["www.evil.example", `www${ZERO_WIDTH_SPACE}.${ZERO_WIDTH_SPACE}evil.${ZERO_WIDTH_SPACE}example`],
    ["me@evil.example", `me@${ZERO_WIDTH_SPACE}evil.${ZERO_WIDTH_SPACE}example`],
    [":white_check_mark:", `:${ZERO_WIDTH_SPACE}white\\_check\\_mark:`],
    ["a | b", "a \\| b"],
    ["Acme Inc. #", "Acme Inc. \\#"],
    ["one\ntwo\r\n\u2028three", "one\\\\u{a}two\\\\u{d}\\\\u{a}\\\\u{2028}three"],
    ["\u001b[31mred", "\\\\u{1b}\\[31mred"],
    ["safe\u202Etxt.exe\u200b", `safe\\\\u{202e}txt.${ZERO_WIDTH_SPACE}exe\\\\u{200b}`],
    ["", "(empty)"],
    ["$x$", `\\$${ZERO_WIDTH_SPACE}x\\$`],
  ])("%j", (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it("is shortened if it is very long, with a hash of the complete text", () => {
    const [x, y] = ["x", "y"].map((end) => escapeMarkdown(`${"x".repeat(600)}${end}`));
    expect(x).toMatch(/^x{500}… \(cut, SHA-256 [0-9a-f]{12}\)$/);
    expect(y).not.toBe(x);
  });

  it("in a message, commands and URNs are exact, and all else is escaped", () => {
    const urn = "urn:pulumi:dev::acme::a:b:C::to-hub";
    expect(formatMessage(`Resource "${urn}" is *protected*. Run \`pulumi state unprotect '${urn}'\`.`)).toBe(
      `Resource "\`${urn}\`" is \\*protected\\*. Run \`pulumi state unprotect '${urn}'\`.`,
    );
    expect(formatMessage("`a``b` ` @team")).toBe(
      `\`a\`${ZERO_WIDTH_SPACE}\`b\` \\\` @${ZERO_WIDTH_SPACE}team`,
    );
    expect(formatMessage("`a\u202eb`")).toBe("`a\\u{202e}b`");
  });

  it("cannot end a code span", () => {
    expect(formatCode("a`b``c")).toBe("``` a`b``c ```");
    expect(formatCode("a\n`")).toBe("`` a\\u{a}` ``");
  });

  it("cannot end a cell of a table, and an empty cell stays empty", () => {
    expect(formatMarkdownTable(["A", "B"], [["x|y", ""]])).toBe("| A | B |\n| --- | --- |\n| x\\|y |  |");
  });
});
