import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNotice, parseNotices, type NoticeFields } from "../../../core/src/connection/notices.js";

const fields: NoticeFields = {
  kind: "adoption",
  connectionId: "dddddddd-0000-4000-8000-000000000001",
  sourceOrgId: "aaaaaaaa-0003-4000-8000-000000000003",
  sinkOrgId: "aaaaaaaa-0001-4000-8000-000000000001",
  connectionTypes: ["audit", "lögs #1\n"],
};

test("a notice is one line for people, with one ASCII marker at its end", () => {
  const line = formatNotice('From "a\nb" to C\u202e: will take over x.', fields);
  expect(line).toBe(
    'From "a\\u{a}b" to C\\u{202e}: will take over x. #org-connections:notice# {"version":1,"kind":"adoption",' +
      '"connectionId":"dddddddd-0000-4000-8000-000000000001","sourceOrgId":"aaaaaaaa-0003-4000-8000-000000000003",' +
      '"sinkOrgId":"aaaaaaaa-0001-4000-8000-000000000001","connectionTypes":["audit","l\\u00f6gs \\u00231\\n"]}',
  );
});

test("what is read is what was written, whatever the sentence and the types hold", () => {
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
          broken: 0,
        });
      },
    ),
  );
});

test.each([
  ["a newer version", '#org-connections:notice# {"version":2,"what":"ever"}', { newer: 1, broken: 0 }],
  ["no JSON", '#org-connections:notice# {"version":1', { newer: 0, broken: 1 }],
  [
    "an unknown kind",
    '#org-connections:notice# {"version":1,"kind":"x","connectionId":"y"}',
    { newer: 0, broken: 1 },
  ],
  [
    "an id that is a text",
    '#org-connections:notice# {"version":1,"kind":"gone","connectionId":"a b"}',
    { newer: 0, broken: 1 },
  ],
  ["no marker", "The connection x is gone.", { newer: 0, broken: 0 }],
])("%s is told apart", (_, message, counts) => {
  expect(parseNotices(message)).toEqual({ notices: [], ...counts });
});
