import { describe, expect, it } from "vitest";
import { escapeInvisible, formatLines, formatSentence } from "../../../core/src/api/invisible.js";

describe("what nobody sees is written out", () => {
  it.each([
    ["a control character", "a\u001bb", "a\\u{1b}b"],
    ["one of C1", "a\u009bb", "a\\u{9b}b"],
    ["a line break", "a\nb", "a\\u{a}b"],
    ["a sign that turns the direction", "a\u202eb", "a\\u{202e}b"],
    ["an isolate that is never closed", "a\u2066b", "a\\u{2066}b"],
    ["half a surrogate pair", "a\ud83db", "a\\u{d83d}b"],
    ["what is no character", "a\uffffb", "a\\u{ffff}b"],
    ["a space of no width", "a\u200bb", "a\\u{200b}b"],
    ["a joiner outside of an emoji", "a\u200db", "a\\u{200d}b"],
    ["an emoji that is none", "🚀\u200d🚀", "🚀\\u{200d}🚀"],
    ["a filler", "a\u3164b", "a\\u{3164}b"],
    ["a mark of an annotation", "a\ufff9b", "a\\u{fff9}b"],
    ["a tag", "a\u{e0041}b", "a\\u{e0041}b"],
    ["a space that is none", "a\u00a0b", "a\\u{a0}b"],
    ["spaces at its ends", " a ", "\\u{20}a\\u{20}"],
    ["two spaces", "a  b", "a \\u{20}b"],
    ["what was encoded where it arrived, and stays", "a\\u{1b}b", "a\\u{1b}b"],
  ])("%s", (_, text, written) => {
    expect(escapeInvisible(text)).toBe(written);
  });

  it.each(["Acme Payments", "支払い 🚀 حسابات", "👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "C:\\users", "São Paulo"])("%s stays", (text) => {
    expect(escapeInvisible(text)).toBe(text);
  });

  it("a sentence stands on one line, and a message keeps its own", () => {
    expect(formatSentence(" one\n  two\u001b ")).toBe("one two\\u{1b}");
    expect(formatLines("one:\n  two\u001b\n")).toBe("one:\n  two\\u{1b}\n");
  });
});
