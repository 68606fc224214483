import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNotice, parseNotices, type Notice } from "../../../core/src/connection/notices.js";
import { selectCases } from "../../random.js";

const adoption: Notice = {
  kind: "adoption",
  connectionId: "dddddddd-0000-4000-8000-000000000001",
  sourceOrgId: "aaaaaaaa-0003-4000-8000-000000000003",
  sinkOrgId: "aaaaaaaa-0001-4000-8000-000000000001",
  connectionTypes: ["audit", "lögs #1\n]"],
};

test("a notice is one line for people, followed by one bracket in ASCII", () => {
  expect(formatNotice('From "a\nb" to C\u202e: will adopt x.', adoption)).toBe(
    'From "a\\u{a}b" to C\\u{202e}: will adopt x. [org-connections kind=adoption id=dddddddd-0000-4000-8000-000000000001 ' +
      "from=aaaaaaaa-0003-4000-8000-000000000003 to=aaaaaaaa-0001-4000-8000-000000000001 type=audit type=l%C3%B6gs+%231%0A%5D]",
  );
});

test("a parsed notice equals the formatted one, with any sentence and types", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 50 }),
    fc.constantFrom(
      formatNotice("x", { ...adoption, connectionTypes: [] }),
      "[org-connections kind=gone id=x",
      "[org-connections ",
      "\n",
      "]",
    ),
  );
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 5 }), (sentence, types) => {
      const connectionTypes = types.map((type) => type.slice(0, 100));
      const line = formatNotice(sentence, { ...adoption, connectionTypes });
      expect(line).not.toMatch(/[\r\n\u2028]/);
      expect(parseNotices(`${line}\n\n`)).toEqual({
        notices: [{ ...adoption, connectionTypes }],
        unreadable: 0,
      });
    }),
    selectCases(400),
  );
});

test("a notice of an organization that was not checked has its name, in any characters, and no connection", () => {
  const unchecked: Notice = { kind: "not-checked", source: "paym\u202e#1", code: "timed-out" };
  expect(parseNotices(formatNotice("x", unchecked)).notices).toEqual([unchecked]);
});

test.each([
  ["an unknown kind", "[org-connections kind=renamed id=y]", 1],
  ["no field", "[org-connections ]", 1],
  ["an invalid ID", "[org-connections kind=gone id=a+b]", 1],
  ["an invalid code", "[org-connections kind=not-checked code=Run+`rm`]", 1],
  ["a bracket that is not at the end", "[org-connections kind=gone id=x] or not", 0],
  ["no bracket", "The connection x is gone.", 0],
])("%s is not read", (_, message, unreadable) => {
  expect(parseNotices(message)).toEqual({ notices: [], unreadable });
});
