import { expect, it } from "vitest";
import { findSourcePosition, parseSourcePosition } from "../../../cli/src/stack/pulumi-resources.js";

it.each([
  ["project:///index.ts#12,3", { file: "index.ts", line: 12, column: 3 }],
  ["project:///lib/a%20b.ts#1,1", { file: "lib/a b.ts", line: 1, column: 1 }],
])("%s is a position", (text, position) => {
  expect(parseSourcePosition(text)).toEqual(position);
});

it.each([
  "",
  "index.ts#1,1",
  "file:///etc/passwd#1,1",
  "https://evil.example/x#1,1",
  "project:///../index.ts#1,1",
  "project:///a/../../index.ts#1,1",
  "project:///a/%2e%2e/index.ts#1,1",
  "project:////etc/passwd#1,1",
  "project:///a//b.ts#1,1",
  "project:///a\\b.ts#1,1",
  "project:///C%3A/x.ts#1,1",
  "project:///a%00b.ts#1,1",
  "project:///a%E2%80%AEb.ts#1,1",
  "project:///a%E2%A0%80b.ts#1,1",
  "project:///a%C2%A0b.ts#1,1",
  "project:///a%ZZ.ts#1,1",
  "project:///index.ts#0,1",
  "project:///index.ts#1,0",
  "project:///index.ts#1",
  "project:///index.ts#1e9,1",
  `project:///${"x".repeat(1001)}#1,1`,
])("%s is no position in the project", (text) => {
  expect(parseSourcePosition(text)).toBeUndefined();
});

it("the innermost call that is not in an installed package counts", () => {
  const positions = [
    "project:///../../library/index.ts#1,1",
    "project:///node_modules/library/index.js#2,2",
    undefined,
    "project:///network.ts#3,3",
    "project:///index.ts#4,4",
  ];
  expect(findSourcePosition(positions)).toEqual({ file: "network.ts", line: 3, column: 3 });
  expect(findSourcePosition(positions.slice(0, 3))).toBeUndefined();
});
