import { expect, test } from "vitest";
import { formatUnfamiliarTypes, parseTypes } from "../../../core/src/connection/inputs.js";

test.each([
  [
    ["metrics", "Logs"],
    ["logs", "metrics"],
  ],
  [[], undefined],
  [["logs", "logs"], undefined],
  ["logs", undefined],
  [undefined, undefined],
])("the types of %j are %j", (value, types) => {
  expect(parseTypes(value)).toEqual(types);
});

test("a warning about unfamiliar types names them, the familiar ones, and the property", () => {
  const warning = formatUnfamiliarTypes("connectionTypes", ["logs", "metrix", "traces2"]);
  expect(warning).toMatch(/^connectionTypes: .* metrix, traces2 \(.*logs.*\)\. Check the spelling/);
  expect(formatUnfamiliarTypes("connectionTypes", ["logs"])).toBeUndefined();
  expect(formatUnfamiliarTypes("connectionTypes", undefined)).toBeUndefined();
});
