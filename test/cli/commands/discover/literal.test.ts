import { expect, test } from "vitest";
import { formatComment } from "../../../../cli/src/commands/discover/literal.js";

test.each(["\u2028", "\u200b", "\ufe0f", "\u3164", "\u2800", "\u00a0"])(
  "the invisible character %j is a space in a comment",
  (character) => {
    expect(formatComment(`a${character}b`)).toEqual(["// a b"]);
  },
);
