import { expect, test } from "vitest";
import { formatComment, formatPortableLiteral } from "../../../../cli/src/commands/discover/literal.js";

const INVISIBLE_CHARACTERS = ["\u2028", "\u200b", "\ufe0f", "\u3164", "\u2800", "\u00a0"];

test.each(INVISIBLE_CHARACTERS)("the invisible character %j is a space in a comment", (character) => {
  expect(formatComment(`a${character}b`)).toEqual(["// a b"]);
});

test.each(INVISIBLE_CHARACTERS)(
  "the invisible character %j is escaped in a literal of any language",
  (character) => {
    const hex = character.charCodeAt(0).toString(16).padStart(4, "0");
    expect(formatPortableLiteral(`a${character}b`)).toBe(`"a\\u${hex}b"`);
  },
);
