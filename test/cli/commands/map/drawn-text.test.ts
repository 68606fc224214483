import { expect, test } from "vitest";
import { measureText, shortenText } from "../../../../cli/src/commands/map/measures.js";
import { escapeXml } from "../../../../cli/src/commands/map/svg.js";

test.each([
  ["a < b & c > d", "a &#60; b &#38; c &#62; d"],
  [`" onload='x'`, "&#34; onload=&#39;x&#39;"],
  ["</script>", "&#60;/script&#62;"],
  ["two\nlines\tand a tab", "two\\u{a}lines\\u{9}and a tab"],
  ["حسابات", "حسابات"],
  ["🚀 Launch", "🚀 Launch"],
])("%j is written as %j", (text, written) => {
  expect(escapeXml(text)).toBe(written);
});

test.each([
  ["a character that XML forbids", "a\u0001b", "a\\u{1}b"],
  ["half a surrogate pair", "a\ud83db", "a\\u{d83d}b"],
  ["a character that changes the direction", "a\u202eb", "a\\u{202e}b"],
  ["an isolate that is never closed", "a\u2066b", "a\\u{2066}b"],
  ["a noncharacter", "a\uffffb", "a\\u{ffff}b"],
])("%s is escaped", (_, text, written) => {
  expect(escapeXml(text)).toBe(written);
});

test("a wider string is wider, and characters with double width count twice", () => {
  expect(measureText("WWWW", 10)).toBeGreaterThan(measureText("iiii", 10));
  expect(measureText("日本", 10)).toBeGreaterThan(measureText("ab", 10));
  expect(measureText("\u3164", 10)).toBeGreaterThan(measureText("日本語", 10));
  expect(measureText("👩‍👩‍👧", 10)).toBe(measureText("🚀", 10));
  expect(measureText("ab", 20)).toBe(2 * measureText("ab", 10));
});

test("a string that fits does not change; a longer one is cut between letters, with an ellipsis", () => {
  expect(shortenText("Payments", 12, 200)).toBe("Payments");
  const cut = shortenText("Recommendations and Promotions", 12, 100);
  expect(cut).toMatch(/^Recommen.*…$/);
  expect(measureText(cut, 12)).toBeLessThanOrEqual(100);
  expect(shortenText("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 12, 30)).toBe("👩‍👩‍👧…");
});
