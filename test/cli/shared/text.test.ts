import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCount, formatJson, joinFirst } from "../../../cli/src/shared/text.js";
import { selectCases } from "../../random.js";

it("is the same value to a parser, without invisible characters", () => {
  fc.assert(
    fc.property(
      fc.anything({ key: fc.string({ unit: "binary" }) }),
      fc.string({ unit: "binary" }),
      (value, text) => {
        for (const one of [text, { [text]: value }]) {
          const plain = JSON.stringify(one);
          for (const indent of [undefined, 2]) {
            const json = formatJson(one, indent);
            expect(JSON.stringify(JSON.parse(json))).toBe(plain);
            expect(json.replaceAll("\n", "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}/u);
          }
        }
      },
    ),
    selectCases(400),
  );
});

it.each([
  ["\u007f\u009b", '"\\u007f\\u009b"'],
  ["\u2028\u2029", '"\\u2028\\u2029"'],
  ["\u202e", '"\\u202e"'],
  ["\ud800", '"\\ud800"'],
  ["\u2800\u3164", '"\\u2800\\u3164"'],
  ["🚀é", '"🚀é"'],
])("%j", (value, json) => {
  expect(formatJson(value)).toBe(json);
});

describe("counts and lists", () => {
  it.each([
    [0, "0 organizations"],
    [1, "1 organization"],
    [2, "2 organizations"],
  ])("%s", (count, text) => {
    expect(formatCount(count, "organization")).toBe(text);
  });

  it.each([
    [[], ""],
    [["a", "b"], "a, b"],
    [["a", "b", "c", "d"], "a, b, and 2 more"],
  ])("%j", (items, joined) => {
    expect(joinFirst(items, 2)).toBe(joined);
  });
});
