import { describe, expect, it } from "vitest";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

const all = (options = "") =>
  `const all = new OrgConnectionSet("all", { source: "a", exclusive: true, connections: { "${engine.id("observability")}": ["logs"] } }, { ${options} });`;
const other = (options = "") =>
  `const other = new OrgConnection("other", { source: "a2", sinkOrgId: "${engine.id("security")}", connectionTypes: ["audit"] }, { ${options} });`;
const otherSet = (options = "") =>
  `const other = new OrgConnectionSet("other", { source: "a2", connections: { "${engine.id("security")}": ["audit"] } }, { ${options} });`;

/** The keys of payments under two names; at two addresses, so that nothing but Datadog can tell that they are one. */
function twoNames(stack: Stack): Stack {
  const { apiKey, appKey } = engine.sandbox.organization("payments");
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
const idTo = (sink: string) =>
  engine.sandbox.connections().find(({ sinkOrgId }) => sinkOrgId === engine.id(sink))?.id;

const programs: [string, () => string][] = [
  ["a resource that depends on the set", () => `${all()}\n${other("dependsOn: [all]")}`],
  ["a resource on which the set depends", () => `${other()}\n${all("dependsOn: [other]")}`],
  ["a resource beside the set", () => `${all()}\n${other()}`],
  ["another set that depends on the set", () => `${all()}\n${otherSet("dependsOn: [all]")}`],
];

describe.each(programs)("an exclusive set, a second name of its organization, and %s", (_, program) => {
  it("up --refresh deletes and recreates nothing", async () => {
    const stack = twoNames(engine.stack(program()));
    await stack.mustUp();
    const before = idTo("security");
    for (let run = 0; run < 2; run++) {
      const up = await stack.mustUp("--refresh");
      expect(up.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    }
    expect(idTo("security")).toBe(before);
  });

  it("a refresh and then an up, each in a process of its own, delete and recreate nothing", async () => {
    const stack = twoNames(engine.stack(program()));
    await stack.mustUp();
    const before = idTo("security");
    await stack.refresh();
    const up = await stack.mustUp();
    expect(up.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(idTo("security")).toBe(before);
  });
});

it("what nothing in the stack holds is still deleted, and nothing else", async () => {
  const stack = twoNames(engine.stack(`${all()}\n${other("dependsOn: [all]")}`));
  await stack.mustUp();
  const before = idTo("security");
  engine.sandbox.connect({ source: "payments", sink: "search" });
  await stack.mustUp("--refresh");
  expect(engine.live()).toEqual(["payments → observability: logs", "payments → security: audit"]);
  expect(idTo("security")).toBe(before);
});

it("a refresh that read the set before the other resource does no harm: the next up asks whose the name is", async () => {
  const stack = twoNames(engine.stack(`${all()}\n${other("dependsOn: [all]")}`));
  await stack.mustUp();
  const before = idTo("security");
  // One after the other, in the order of the state: the set is read while nothing is known of the other.
  await stack.refresh("--parallel=1");
  const set = (await stack.state()).find(({ urn }) => urn.endsWith("::all"));
  expect(set?.outputs?.["strangers"]).toEqual({ [engine.id("security")]: before });
  const preview = await stack.preview();
  expect(preview.output).toMatch(
    new RegExp(
      `connection ${before ?? ""} is not declared .* organization "a", and is not deleted: OrgConnection "other", of organization "a2"`,
    ),
  );
  expect(preview.steps).toEqual([]);
  await stack.mustUp();
  expect(idTo("security")).toBe(before);
});

it("another organization that shares with the same destination is no reason to leave it alone", async () => {
  const { apiKey, appKey } = engine.sandbox.organization("checkout");
  const stack = twoNames(engine.stack(`${all()}\n${other("dependsOn: [all]")}`));
  stack.env = { ...stack.env, DD_API_KEY__A2: apiKey, DD_APP_KEY__A2: appKey };
  await stack.mustUp();
  engine.sandbox.connect({ source: "payments", sink: "security" });
  await stack.mustUp("--refresh");
  expect(engine.live()).toEqual(["checkout → security: audit", "payments → observability: logs"]);
});

describe("a second name that leads to the same organization for certain is refused in the program", () => {
  const refusal =
    /OrgConnectionSet "all" is exclusive .*OrgConnection "other".*organization "a".*organization "a2"/s;

  it("by the same credentials", async () => {
    const stack = twoNames(engine.stack(`${all()}\n${other()}`));
    stack.env = { ...stack.env, DD_HOST__A2: engine.sandbox.url };
    const preview = await stack.preview();
    expect(preview.errors.join()).toMatch(refusal);
    expect(preview.output).not.toContain("sandbox-api-key");
  });

  it("by the same configured id", async () => {
    const stack = twoNames(engine.stack(`${other()}\n${all()}`));
    for (const name of ["a", "a2"]) {
      await stack.config("--path", `datadog-org-connections:organizations.${name}.id`, engine.id("payments"));
    }
    expect((await stack.preview()).errors.join()).toMatch(refusal);
  });

  it("two resources for one pair, too", async () => {
    const pair = (name: string, source: string) =>
      `new OrgConnection("${name}", { source: "${source}", sinkOrgId: "${engine.id("security")}" });`;
    const stack = twoNames(engine.stack(`${pair("one", "a")}\n${pair("two", "a2")}`));
    stack.env = { ...stack.env, DD_HOST__A2: engine.sandbox.url };
    const preview = await stack.preview();
    expect(preview.errors.join()).toMatch(
      /OrgConnection "one" and OrgConnection "two" declare the same pair.*organization "a".*organization "a2"/s,
    );
  });
});
