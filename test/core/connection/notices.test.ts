import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNotice, parseNotices, type NoticeFields } from "../../../core/src/connection/notices.js";
import { selectCases } from "../../random.js";

const fields: NoticeFields = {
  kind: "adoption",
  connectionId: "dddddddd-0000-4000-8000-000000000001",
  sourceOrgId: "aaaaaaaa-0003-4000-8000-000000000003",
  sinkOrgId: "aaaaaaaa-0001-4000-8000-000000000001",
  connectionTypes: ["audit", "lögs #1\n"],
};

test("a notice is one line for people, followed by one ASCII marker", () => {
  const line = formatNotice('From "a\nb" to C\u202e: will adopt x.', fields);
  expect(line).toBe(
    'From "a\\u{a}b" to C\\u{202e}: will adopt x. #org-connections:notice# {"version":1,"kind":"adoption",' +
      '"connectionId":"dddddddd-0000-4000-8000-000000000001","sourceOrgId":"aaaaaaaa-0003-4000-8000-000000000003",' +
      '"sinkOrgId":"aaaaaaaa-0001-4000-8000-000000000001","connectionTypes":["audit","l\\u00f6gs \\u00231\\n"]}',
  );
});

test("a parsed notice equals the formatted one, with any sentence and types", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 50 }),
    fc.constantFrom(
      formatNotice("x", { ...fields, connectionTypes: [] }),
      "#org-connections:notice# {}",
      "\n",
      '"',
    ),
  );
  fc.assert(
    fc.property(
      text,
      fc.array(fc.string({ unit: "binary", maxLength: 50 }), { maxLength: 5 }),
      (sentence, connectionTypes) => {
        const line = formatNotice(sentence, { ...fields, connectionTypes });
        expect(line).not.toMatch(/[\r\n\u2028]/);
        expect(parseNotices(`${line}\n\n`)).toEqual({
          notices: [{ version: 1, ...fields, connectionTypes }],
          newer: 0,
          malformed: 0,
        });
      },
    ),
    selectCases(400),
  );
});

test("a notice of an organization that was not checked has its name, in any characters, and no connection", () => {
  const unchecked: NoticeFields = { kind: "not-checked", source: "paym\u202e#1", code: "timed-out" };
  expect(parseNotices(formatNotice("x", unchecked)).notices).toEqual([{ version: 1, ...unchecked }]);
});

test.each([
  ["a newer version", '#org-connections:notice# {"version":2,"what":"ever"}', { newer: 1, malformed: 0 }],
  ["no JSON", '#org-connections:notice# {"version":1', { newer: 0, malformed: 1 }],
  [
    "an unknown kind",
    '#org-connections:notice# {"version":1,"kind":"x","connectionId":"y"}',
    { newer: 0, malformed: 1 },
  ],
  [
    "an invalid ID",
    '#org-connections:notice# {"version":1,"kind":"gone","connectionId":"a b"}',
    { newer: 0, malformed: 1 },
  ],
  [
    "an invalid code",
    '#org-connections:notice# {"version":1,"kind":"not-checked","code":"Run `rm`"}',
    { newer: 0, malformed: 1 },
  ],
  ["no marker", "The connection x is gone.", { newer: 0, malformed: 0 }],
])("%s is recognized", (_, message, counts) => {
  expect(parseNotices(message)).toEqual({ notices: [], ...counts });
});
