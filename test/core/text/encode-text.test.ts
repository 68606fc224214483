import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseOrganizations, parseConnection, parseErrors, parsePage } from "../../../core/src/api/parse.js";
import { encodeText, escapeInvisible } from "../../../core/src/text/escape-text.js";
import { selectCases } from "../../random.js";

/**
 * Characters that control a terminal, a log or the writing direction, or that are invisible. Emoji have
 * joiners and tags.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])\p{Cf}/u;
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\u001b", "\n", "\u009b", "\u202e", "\u2028", "\ufeff", "\\", "a", "é", "🙂", "\ud800"),
    fc.string({ unit: "binary", maxLength: 1 }),
  ),
  maxLength: 300,
});

describe("a string that arrives", () => {
  test.each([
    ["Acme Payments", "Acme Payments"],
    ["Überwachung 東京 👩‍💻", "Überwachung 東京 👩‍💻"],
    ["\u001b[2JHub", "\\u{1b}[2JHub"],
    ["Hub\n::error::x", "Hub\\u{a}::error::x"],
    ["evil\u202etxt", "evil\\u{202e}txt"],
    ["zero\u200bwidth", "zero\\u{200b}width"],
    ["half \ud83d emoji", "half \\u{d83d} emoji"],
    ["a\\b", "a\\b"],
    ["a\\u{1b}b", "a\\u{5c}u{1b}b"],
    ["a\\#0123456789abcdef", "a\\u{5c}#0123456789abcdef"],
    ["", ""],
  ])("%j is %j", (text, visible) => expect(encodeText(text)).toBe(visible));

  test("contains no invisible characters", () => {
    fc.assert(
      fc.property(hostile, (text) => !INVISIBLE.test(encodeText(text))),
      selectCases(1000),
    );
  });

  test("is never encoded to the same string as another, however similar they are", () => {
    const similar = fc.tuple(hostile, hostile, fc.nat(400)).map(([text, end, count]): [string, string] => {
      const long = text.padEnd(count, "x");
      return [long, `${long}${end}`];
    });
    fc.assert(
      fc.property(similar, ([a, b]) => a === b || encodeText(a) !== encodeText(b)),
      selectCases(1000),
    );
    fc.assert(
      // A user may choose an encoded string as a name.
      fc.property(
        hostile,
        (text) => encodeText(text) === text || encodeText(encodeText(text)) !== encodeText(text),
      ),
      selectCases(1000),
    );
  });

  test("is displayed as it was encoded", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const encoded = encodeText(text.trim());
        // Only invisible spaces may still be escaped.
        return escapeInvisible(encoded).replaceAll("\\u{20}", " ") === encoded;
      }),
      selectCases(1000),
    );
  });

  test("is truncated to the maximum and two characters, and ends in a hash if it was truncated", () => {
    const [a, b] = [`${"x".repeat(1500)}a`, `${"x".repeat(1500)}b`];
    for (const name of [a, b]) expect(encodeText(name)).toMatch(/^x{184}\\#[0-9a-f]{16}$/);
    expect(encodeText(a)).not.toBe(encodeText(b));
    expect(encodeText("🙂".repeat(200))).toBe("🙂".repeat(200));
  });
});

describe("strings from the API are visible", () => {
  const NAME = "Hub\n\u001b[31m\u202e";
  const VISIBLE = "Hub\\u{a}\\u{1b}[31m\\u{202e}";
  const id = "40bbb1c2-0000-4000-8000-000000000001";
  const end = (type: string) => ({ data: { type, id, name: NAME } });
  const row = {
    id,
    attributes: { created_at: "2026-03-01\u001b[2J", connection_types: ["logs", "x\u001b[2J"] },
    relationships: { source_org: end("orgs"), sink_org: end("orgs"), created_by: end("users") },
  };

  test("in a connection: names, types and time", () => {
    expect(parseConnection({ data: row })).toEqual({
      id,
      source: { id, name: VISIBLE },
      sink: { id, name: VISIBLE },
      createdBy: { id, name: VISIBLE },
      createdAt: "2026-03-01\\u{1b}[2J",
      connectionTypes: ["logs", "x\\u{1b}[2J"],
    });
  });

  test("in a list: its users", () => {
    const attributes = { name: NAME, handle: NAME, email: NAME };
    const { users } = parsePage({ data: [row], included: [{ type: "users", id, attributes }] });
    expect(users).toEqual([{ id, name: VISIBLE, handle: VISIBLE, email: VISIBLE }]);
  });

  test("in the organizations", () => {
    const attributes = { name: NAME, description: NAME, public_id: NAME };
    const { organizations } = parseOrganizations({
      data: { id },
      included: [{ type: "orgs", id, attributes }],
    });
    expect(organizations[0]).toMatchObject({ name: VISIBLE, description: VISIBLE, publicId: VISIBLE });
  });

  test.each(["x\n", "a b", "../x", "", "é", "x".repeat(129)])("%j is not a valid ID", (odd) => {
    expect(() => parseConnection({ data: { ...row, id: odd } })).toThrow();
  });

  test("but error messages of the API are encoded later, when an error is created", () => {
    expect(parseErrors({ errors: [NAME] })).toEqual([NAME]);
  });
});
