import { describe, expect, it } from "vitest";
import { code, escaped } from "../../provider/src/review/escape.js";

const NOTHING = "&#8203;";

describe("a text from outside, in Markdown", () => {
  it.each([
    ["Acme Payments", "Acme Payments"],
    ["a_b*c`d~e", "a\\_b\\*c\\`d\\~e"],
    ["[x](https://evil.example)", `\\[x\\](https:${NOTHING}//evil.example)`],
    ["<b>&amp;</b>", "&#60;b&#62;&#38;amp;&#60;/b&#62;"],
    ["@security #12", `@${NOTHING}security \\#${NOTHING}12`],
    ["www.evil.example", `www${NOTHING}.evil.example`],
    [":white_check_mark:", `:${NOTHING}white\\_check\\_mark:`],
    ["a | b", "a \\| b"],
    ["one\ntwo\r\n\u2028three", "one two three"],
    ["\u001b[31mred", "\\[31mred"],
    ["safe\u202Etxt.exe\u200b", "safetxt.exe"],
    ["\u200b", "(nothing that is seen)"],
    ["$x$", "\\$x\\$"],
  ])("%j", (text, expected) => {
    expect(escaped(text)).toBe(expected);
  });

  it("is shortened when it is very long", () => {
    expect(escaped("x".repeat(600))).toBe(`${"x".repeat(500)}…`);
  });

  it("cannot end a code span", () => {
    expect(code("a`b``c")).toBe("``` a`b``c ```");
    expect(code("a\n`")).toBe("`` a ` ``");
  });
});
