import { describe, expect, it } from "vitest";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { OrgConnection, OrgConnectionSet } from "../../../provider/src/index.js";
import { useEngine, type Stack } from "../stack.js";

const engine = useEngine();

const declareAll = (options: CustomResourceOptions = {}) => {
  const connections = { [engine.getOrgId("observability")]: ["logs"] };
  return new OrgConnectionSet("all", { source: "a", exclusive: true, connections }, options);
};
const declareOther = (options: CustomResourceOptions = {}) => {
  const sinkOrgId = engine.getOrgId("security");
  return new OrgConnection("other", { source: "a2", sinkOrgId, connectionTypes: ["audit"] }, options);
};
const declareOtherSet = (options: CustomResourceOptions) =>
  new OrgConnectionSet(
    "other",
    { source: "a2", connections: { [engine.getOrgId("security")]: ["audit"] } },
    options,
  );
/** A program in which the other resource depends on the set. */
const declareDependent = () => void declareOther({ dependsOn: [declareAll()] });
const declareBoth = () => {
  declareAll();
  declareOther();
};

/**
 * Sets the keys of payments under two names and two addresses, so that only Datadog's responses show that
 * they are the same.
 */
function useTwoNames(stack: Stack): Stack {
  const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
  stack.env = {
    DD_API_KEY__A: apiKey,
    DD_APP_KEY__A: appKey,
    DD_HOST__A: engine.sandbox.url,
    DD_API_KEY__A2: apiKey,
    DD_APP_KEY__A2: appKey,
    DD_HOST__A2: engine.sandbox.url.replace("127.0.0.1", "localhost"),
  };
  return stack;
}
const findIdTo = (sink: string) =>
  engine.sandbox.listConnections().find(({ sinkOrgId }) => sinkOrgId === engine.getOrgId(sink))?.id;

const programs: [string, () => void][] = [
  ["a resource that depends on the set", declareDependent],
  ["a resource on which the set depends", () => void declareAll({ dependsOn: [declareOther()] })],
  ["a resource without dependencies", declareBoth],
  ["another set that depends on the set", () => void declareOtherSet({ dependsOn: [declareAll()] })],
];

describe.each(programs)("an exclusive set, a second name of its organization, and %s", (_, program) => {
  it("up --refresh neither deletes nor recreates connections", async () => {
    const stack = useTwoNames(engine.createStack(program));
    await stack.expectUp();
    const before = findIdTo("security");
    for (let run = 0; run < 2; run++) {
      const up = await stack.expectUp("--refresh");
      expect(up.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    }
    expect(findIdTo("security")).toBe(before);
  });

  it("a refresh and then an up, in separate processes, neither delete nor recreate connections", async () => {
    const stack = useTwoNames(engine.createStack(program));
    await stack.expectUp();
    const before = findIdTo("security");
    await stack.refresh();
    const up = await stack.expectUp();
    expect(up.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(findIdTo("security")).toBe(before);
  });
});

it("only connections that no resource in the stack manages are deleted", async () => {
  const stack = useTwoNames(engine.createStack(declareDependent));
  await stack.expectUp();
  const before = findIdTo("security");
  engine.sandbox.connect({ source: "payments", sink: "search" });
  await stack.expectUp("--refresh");
  expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → security: audit"]);
  expect(findIdTo("security")).toBe(before);
});

it("a refresh that reads the set before the other resource is harmless: the next up finds the organization of the name", async () => {
  const stack = useTwoNames(engine.createStack(declareDependent));
  await stack.expectUp();
  const before = findIdTo("security");
  // Sequentially, in the order of the state: the set is read before the other resource.
  await stack.refresh("--parallel=1");
  const set = (await stack.loadState()).find(({ urn }) => urn.endsWith("::all"));
  expect(set?.outputs?.["undeclared"]).toEqual({ [engine.getOrgId("security")]: before });
  const preview = await stack.preview();
  expect(preview.output).toMatch(
    new RegExp(
      `connection ${before ?? ""} is not declared .* organization "a", and is not deleted: OrgConnection "other", of organization "a2"`,
    ),
  );
  expect(preview.steps).toEqual([]);
  await stack.expectUp();
  expect(findIdTo("security")).toBe(before);
});

it("an undeclared connection is deleted even if another organization shares with the same destination", async () => {
  const { apiKey, appKey } = engine.sandbox.getOrganization("checkout");
  const stack = useTwoNames(engine.createStack(declareDependent));
  stack.env = { ...stack.env, DD_API_KEY__A2: apiKey, DD_APP_KEY__A2: appKey };
  await stack.expectUp();
  engine.sandbox.connect({ source: "payments", sink: "security" });
  await stack.expectUp("--refresh");
  expect(engine.listLive()).toEqual(["checkout → security: audit", "payments → observability: logs"]);
});

describe("a second name that certainly refers to the same organization is rejected", () => {
  const refusal =
    /OrgConnectionSet "all" is exclusive .*OrgConnection "other".*organization "a".*organization "a2"/s;

  it("by the same credentials", async () => {
    const stack = useTwoNames(engine.createStack(declareBoth));
    stack.env = { ...stack.env, DD_HOST__A2: engine.sandbox.url };
    const preview = await stack.preview();
    expect(preview.errors.join()).toMatch(refusal);
    expect(preview.output).not.toContain("sandbox-api-key");
  });

  it("by the same configured id", async () => {
    const stack = useTwoNames(
      engine.createStack(() => {
        declareOther();
        declareAll();
      }),
    );
    for (const name of ["a", "a2"]) {
      await stack.setConfig(
        "--path",
        `datadog-org-connections:organizations.${name}.id`,
        engine.getOrgId("payments"),
      );
    }
    expect((await stack.preview()).errors.join()).toMatch(refusal);
  });

  it("two resources for one pair, too", async () => {
    const sinkOrgId = engine.getOrgId("security");
    const stack = useTwoNames(
      engine.createStack(() => {
        new OrgConnection("one", { source: "a", sinkOrgId });
        new OrgConnection("two", { source: "a2", sinkOrgId });
      }),
    );
    stack.env = { ...stack.env, DD_HOST__A2: engine.sandbox.url };
    const preview = await stack.preview();
    expect(preview.errors.join()).toMatch(
      /OrgConnection "one" and OrgConnection "two" declare the same pair.*organization "a".*organization "a2"/s,
    );
  });
});
