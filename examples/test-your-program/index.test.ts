import * as pulumi from "@pulumi/pulumi";
import type { OrgConnection } from "pulumi-datadog-org-connections";
import { beforeAll, expect, test } from "vitest";

const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const declared: { type: string; inputs: { connectionTypes?: string[]; reason?: string } }[] = [];
let toHub: OrgConnection;

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: ({ token }) => {
      if (token === "datadog-org-connections:index:getOrganization") return { id: HUB, name: "Hub" };
      throw new Error(`This test has no result for ${token}.`);
    },
    newResource: (args) => {
      declared.push(args);
      return { id: `id-of-${args.name}`, state: args.inputs as object };
    },
  });
  // A program must be loaded after setMocks.
  ({ toHub } = await import("./index.js"));
});

const getValue = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

test("logs and metrics are shared with the hub", async () => {
  expect(await getValue(toHub.sinkOrgId)).toBe(HUB);
  expect(await getValue(toHub.connectionTypes)).toEqual(["logs", "metrics"]);
});

test("no connection shares audit events, and each has a reason", async () => {
  await getValue(toHub.urn);
  const connections = declared.filter(({ type }) => type === "pulumi-nodejs:dynamic/datadog:OrgConnection");
  expect(connections).toHaveLength(1);
  for (const { inputs } of connections) {
    expect(inputs.connectionTypes).not.toContain("audit");
    expect(inputs.reason).toMatch(/^SEC-\d+$/);
  }
});
