/** An exclusive set refuses `ignoreChanges` for undeclared connections, because the provider does not get the option. */
import { output } from "@pulumi/pulumi/output.js";
import { expect, test } from "vitest";
import { OrgConnectionSet } from "../../../provider/src/resources/org-connection-set.js";
import { useProgram } from "./program.js";

const runProgram = useProgram();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const OTHER = "aaaaaaaa-0002-4000-8000-000000000002";

const declareSet = (
  exclusive: unknown,
  ignoreChanges: string[],
  connections: unknown = { [HUB]: ["logs"] },
) =>
  new OrgConnectionSet(
    "all",
    { connections, exclusive } as ConstructorParameters<typeof OrgConnectionSet>[1],
    { ignoreChanges },
  );

test.each<[string, unknown, string]>([
  ["all connections", true, "connections"],
  ["all destinations", true, `connections["*"]`],
  ["everything", true, "*"],
  ["an undeclared connection", true, `connections["${OTHER}"]`],
  ["all connections, with a string for exclusive", "true", "connections"],
  ["all connections, with an Output for exclusive", output(true), "connections"],
  ["all connections, with a Promise for exclusive", Promise.resolve(true), "connections"],
])("%s: refused", async (_, exclusive, path) => {
  const { registered, errors } = await runProgram(() => declareSet(exclusive, ["reason", path]));
  expect(registered).toEqual([]);
  expect(errors.map(String)).toEqual([
    expect.stringContaining(`OrgConnectionSet "all" is exclusive, and the resource option \`ignoreChanges\``),
  ]);
});

test.each<[string, unknown, string, unknown?]>([
  ["a set that is not exclusive", false, "connections"],
  ["a set whose Output is false", output(false), "connections"],
  ["another property", true, "reason"],
  ["the types of a declared connection", true, `connections["${HUB}"]`],
  [
    "a destination of connections that are not known yet",
    true,
    `connections["${OTHER}"]`,
    output({ [HUB]: ["logs"] }),
  ],
])("%s: accepted", async (_, exclusive, path, connections) => {
  const { registered, errors } = await runProgram(() => declareSet(exclusive, [path], connections));
  expect([registered.length, errors]).toEqual([1, []]);
});
