import { describe, expect, it } from "vitest";
import { escapeInvisible, formatLines, formatSentence } from "../../../core/src/text/escape-text.js";

describe("invisible characters are escaped", () => {
  it.each([
    ["a control character", "a\u001bb", "a\\u{1b}b"],
    ["a C1 control character", "a\u009bb", "a\\u{9b}b"],
    ["a line break", "a\nb", "a\\u{a}b"],
    ["a character that changes the direction", "a\u202eb", "a\\u{202e}b"],
    ["an isolate that is never closed", "a\u2066b", "a\\u{2066}b"],
    ["half a surrogate pair", "a\ud83db", "a\\u{d83d}b"],
    ["a noncharacter", "a\uffffb", "a\\u{ffff}b"],
    ["a zero-width space", "a\u200bb", "a\\u{200b}b"],
    ["a joiner outside an emoji", "a\u200db", "a\\u{200d}b"],
    ["an invalid emoji", "🚀\u200d🚀", "🚀\\u{200d}🚀"],
    ["a filler", "a\u3164b", "a\\u{3164}b"],
    ["an annotation mark", "a\ufff9b", "a\\u{fff9}b"],
    ["a tag", "a\u{e0041}b", "a\\u{e0041}b"],
    ["a no-break space", "a\u00a0b", "a\\u{a0}b"],
    ["spaces at both ends", " a ", "\\u{20}a\\u{20}"],
    ["two spaces", "a  b", "a \\u{20}b"],
    ["a string that was encoded on arrival", "a\\u{1b}b", "a\\u{1b}b"],
  ])("%s", (_, text, escaped) => {
    expect(escapeInvisible(text)).toBe(escaped);
  });

  it.each(["Acme Payments", "支払い 🚀 حسابات", "👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "C:\\users", "São Paulo"])(
    "%s does not change",
    (text) => {
      expect(escapeInvisible(text)).toBe(text);
    },
  );

  it("a sentence is on one line, and a message keeps its lines", () => {
    expect(formatSentence(" one\n  two\u001b ")).toBe("one two\\u{1b}");
    expect(formatLines("one:\n  two\u001b\n")).toBe("one:\n  two\\u{1b}\n");
  });
});
