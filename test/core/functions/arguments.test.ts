import { describe, expect, test } from "vitest";
import {
  argumentSchemas,
  parseFunctionArguments,
  refuseUnknownArguments,
  type FunctionName,
} from "../../../core/src/functions/arguments.js";

const SINK = "4dee724d-0000-4000-8000-00d4f1a2b3c4";

test("an ID is converted to lower case, and null is an omitted argument", () => {
  const given = { sinkOrgId: ` ${SINK.toUpperCase()} `, sourceOrgId: null, source: "payments" };
  expect(parseFunctionArguments("getOrgConnections", given)).toEqual({ sinkOrgId: SINK, source: "payments" });
});

describe("an invalid argument is an error with its name", () => {
  test.each<[FunctionName, Record<string, unknown>, string, string]>([
    [
      "getOrgConnections",
      { sinkOrgId: "hub" },
      "sinkOrgId",
      "getOrgConnections: `sinkOrgId` is not the UUID",
    ],
    ["getOrganization", { name: 5 }, "name", "getOrganization: `name` must be a string."],
    ["getOrganizations", { name: "x" }, "name", "`name` is not an argument of getOrganizations."],
    ["getOrganizations", { sorce: null }, "sorce", "Its arguments are source."],
  ])("%s %j", (name, given, property, message) => {
    expect(() => parseFunctionArguments(name, given)).toThrow(
      expect.objectContaining({
        code: "invalid-input",
        facts: { property },
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});

test("names of methods of objects are no arguments", () => {
  expect(() => refuseUnknownArguments("getOrganization", { toString: "x" })).toThrow("`toString` is not an");
});

test("each function has `source`", () => {
  for (const { entries } of Object.values(argumentSchemas)) expect(entries).toHaveProperty("source");
});
