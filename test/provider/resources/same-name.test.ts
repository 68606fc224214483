/** Resources of one name: with different parents, they are different resources. */
import { ComponentResource } from "@pulumi/pulumi/resource.js";
import { expect, test } from "vitest";
import { OrgConnectionSet } from "../../../provider/src/resources/org-connection-set.js";
import { OrgConnection } from "../../../provider/src/resources/org-connection.js";
import { useProgram } from "./program.js";

const runProgram = useProgram();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const createParent = (name: string, parent?: ComponentResource) =>
  new ComponentResource(`acme:index:${name}`, name, {}, parent ? { parent } : {});
const connect = (parent?: ComponentResource) =>
  new OrgConnection("hub", { sinkOrgId: HUB, connectionTypes: ["logs"] }, parent ? { parent } : {});

test("they declare one pair: both are named with their parents", async () => {
  const { errors } = await runProgram(() => {
    connect(createParent("Team", createParent("Company")));
    connect(createParent("Team"));
  });
  expect(errors.map(String)).toEqual([
    expect.stringContaining(
      `acme:index:Company$acme:index:Team$OrgConnection "hub" and acme:index:Team$OrgConnection "hub" declare the same pair`,
    ),
  ]);
});

test("one of two sets is exclusive: both are named with their parents", async () => {
  const { errors } = await runProgram(() => {
    new OrgConnectionSet("all", { connections: {}, exclusive: true }, { parent: createParent("Team") });
    new OrgConnectionSet("all", { connections: {} });
  });
  expect(errors.map(String)).toEqual([
    expect.stringContaining(
      `acme:index:Team$OrgConnectionSet "all" is exclusive and would delete what OrgConnectionSet "all"`,
    ),
  ]);
});

test("a program that a test runs again declares the same resource", async () => {
  const { errors } = await runProgram(() => [connect(createParent("Team")), connect(createParent("Team"))]);
  expect(errors).toEqual([]);
});
