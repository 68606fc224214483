import { expect, test } from "vitest";
import { escaped, printable, shortened, widthOf } from "../../../cli/src/topology/text.js";

test.each([
  ["a < b & c > d", "a &#60; b &#38; c &#62; d"],
  [`" onload='x'`, "&#34; onload=&#39;x&#39;"],
  ["</script>", "&#60;/script&#62;"],
  ["two\nlines\tand a tab", "two\\u{a}lines\\u{9}and a tab"],
  ["حسابات", "حسابات"],
  ["🚀 Launch", "🚀 Launch"],
])("%j is written as %j", (text, written) => {
  expect(escaped(text)).toBe(written);
});

test.each([
  ["a character that XML forbids", "a\u0001b", "a\\u{1}b"],
  ["half a surrogate pair", "a\ud83db", "a\\u{d83d}b"],
  ["a sign that turns the direction", "a\u202eb", "a\\u{202e}b"],
  ["an isolate that is never closed", "a\u2066b", "a\\u{2066}b"],
  ["what is no character", "a\uffffb", "a\\u{ffff}b"],
])("%s is written out", (_, text, written) => {
  expect(printable(text)).toBe(written);
});

test("a wider text is wider, and signs of two columns count as such", () => {
  expect(widthOf("WWWW", 10)).toBeGreaterThan(widthOf("iiii", 10));
  expect(widthOf("日本", 10)).toBeGreaterThan(widthOf("ab", 10));
  expect(widthOf("👩‍👩‍👧", 10)).toBe(widthOf("🚀", 10));
  expect(widthOf("ab", 20)).toBe(2 * widthOf("ab", 10));
});

test("what fits stays, what does not is cut between letters, with an ellipsis", () => {
  expect(shortened("Payments", 12, 200)).toBe("Payments");
  const cut = shortened("Recommendations and Promotions", 12, 100);
  expect(cut).toMatch(/^Recommen.*…$/);
  expect(widthOf(cut, 12)).toBeLessThanOrEqual(100);
  expect(shortened("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 12, 30)).toBe("👩‍👩‍👧…");
});
