import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../../cli/src/commands/review/markdown.js";
import { createPlan, createPlanned, createShownState, createValues, getOrgId } from "../../plans.js";
import { useFolder } from "../../folder.js";
import { listSentences, listWarnings, reviewInputs } from "../../review-inputs.js";
import { runCommand } from "../../run-command.js";
import {
  OFFICIAL_TYPE,
  C1,
  createUrn,
  createResource,
  createState,
  createPreview,
  create,
  adopt,
  deleteFrom,
} from "./stack-previews.js";

const ADDRESS = "datadog_org_connection.this";
const before = createValues(C1, ["logs", "metrics"]);

describe("one owner deletes what another one adopts: a loss of sharing", () => {
  const planned = createPlan([createPlanned(["delete"], { before })]);
  it.each<[string, object, string]>([
    ["a Terraform plan", { "plan.json": planned, a: createPreview("dev", [adopt("dev")]) }, "terraform"],
    [
      "@pulumi/datadog in the same stack",
      { a: createPreview("dev", [adopt("dev"), deleteFrom("dev", OFFICIAL_TYPE)]) },
      "pulumi-datadog",
    ],
    [
      "another stack of this package",
      { a: createPreview("dev", [adopt("dev")]), b: createPreview("prod", [deleteFrom("prod")]) },
      "datadog-org-connections",
    ],
  ])("%s", (_, files, tool) => {
    const result = reviewInputs({ ...files });
    expect(result.outcome).toBe("destructive");
    expect(result.changes).toMatchObject([
      { kind: "delete", tool, connectionId: C1, otherOwners: [{ location: "acme/dev", name: "hub" }] },
      { kind: "adopt", connectionId: C1, deletedBy: [{ tool }] },
    ]);
    expect(listWarnings(result, "managed-elsewhere")).toHaveLength(1);
  });

  it("but within a stack of this package the connection is only handed over", () => {
    const moved = { ...deleteFrom("dev"), urn: `${createUrn("dev")}-old` };
    const result = reviewInputs({ a: createPreview("dev", [adopt("dev"), moved]) });
    expect(result.outcome).toBe("changes");
    expect(result.changes).toMatchObject([{ kind: "adopt", connectionId: C1 }]);
  });

  it("and so it is if the preview does not show whose credentials adopt", () => {
    const result = reviewInputs({ "plan.json": planned, a: createPreview("dev", [adopt("dev")], null) });
    expect(result.changes).toMatchObject([
      { kind: "delete" },
      { kind: "create", deletedBy: [{ tool: "terraform" }] },
    ]);
    expect(listWarnings(result, "managed-elsewhere")).toEqual([
      `datadog_org_connection.this (plan.json) deletes connection ${C1} (source → hub) by its ID. Sharing stops, whatever hub (acme/dev) declares. Do not apply this change. First remove datadog_org_connection.this (plan.json) from its state without deleting the connection: terraform state rm 'datadog_org_connection.this', or a removed block with from = datadog_org_connection.this and lifecycle { destroy = false } (with OpenTofu, use tofu). Then create a new preview. Never delete a resource and adopt its connection in one change.`,
    ]);
  });

  it("or continues to manage, according to a state", () => {
    const result = reviewInputs({ "plan.json": planned }, { state: { "stack.json": createState("dev") } });
    expect(result.changes).toMatchObject([{ kind: "delete", otherOwners: [{ location: "acme/dev" }] }]);
    expect(result.changes[0]).not.toHaveProperty("retainedBy");
    expect(result.outcome).toBe("destructive");
  });
});

describe("a connection with two owners", () => {
  const adopted = { a: createPreview("dev", [adopt("dev")]) };

  it("after an adoption is reported, if a given state still manages it", () => {
    const state = { "terraform.json": createShownState({ [ADDRESS]: before }) };
    const result = reviewInputs(adopted, { state });
    expect(result.changes).toMatchObject([{ kind: "adopt", connectionId: C1, removedTypes: [] }]);
    expect(listWarnings(result, "multiple-owners")).toEqual([
      expect.stringMatching(
        /^hub \(acme\/dev\) and datadog_org_connection\.this \(terraform\.json\) both manage/,
      ),
    ]);
  });

  it("is not reported if the plan that is applied too forgets it", () => {
    const forget = createPlan([createPlanned(["forget"], { before })], {
      prior_state: createShownState({ [ADDRESS]: before }),
    });
    const result = reviewInputs({ ...adopted, "plan.json": forget });
    expect(result.changes.map(({ kind }) => kind)).toEqual(["adopt", "release"]);
    expect([result.outcome, listWarnings(result, "multiple-owners")]).toEqual(["changes", []]);
  });

  it("in two states is reported, even if nothing changes", () => {
    const state = {
      "stack.json": createState("dev"),
      "terraform.json": createShownState({ [ADDRESS]: before }),
    };
    const result = reviewInputs({ a: createPreview("dev", []) }, { state });
    expect([result.outcome, listWarnings(result, "multiple-owners").length]).toEqual(["none", 1]);
  });
});

describe("several previews", () => {
  const other = getOrgId("other");

  it("do not share the names of their configurations", () => {
    const result = reviewInputs({
      a: createPreview("dev", [create("dev")]),
      b: createPreview("prod", [create("prod")], other),
      c: createPreview("test", [create("test")], null),
    });
    expect(result.changes.map(({ location, after }) => [location, after?.source.id])).toEqual(
      expect.arrayContaining([
        ["acme/dev", getOrgId("source")],
        ["acme/prod", other],
        ["acme/test", undefined],
      ]),
    );
  });

  it("of which one has no state: the unchanged connection of the other one is counted", () => {
    const previews = { a: createPreview("dev", [create("dev")]), b: createPreview("prod", []) };
    const report = renderMarkdown(reviewInputs(previews, { state: { "prod.json": createState("prod") } }));
    expect(report).toContain("| unchanged | 1 |");
    expect(report).toContain(
      "_The state of at least one stack was not given, so its unchanged connections may be missing",
    );
  });

  it("delete what an interrupted replacement left behind in their stacks, not in others", () => {
    const leave = (stack: string) => ({
      version: 3,
      deployment: { resources: [createResource(stack, { id: "c2", delete: true })] },
    });
    const state = { "prod.json": leave("prod") };
    const result = reviewInputs({ a: createPreview("dev", []) }, { state });
    expect([result.outcome, result.changes]).toEqual(["none", []]);
    expect(result.unchanged).toMatchObject([{ sink: { id: getOrgId("hub") } }]);
    const previews = { a: createPreview("dev", []), b: createPreview("prod", []) };
    expect(reviewInputs(previews, { state }).changes).toMatchObject([
      { kind: "delete", because: "leftover", location: "acme/prod" },
    ]);
    // A failed preview without steps does not name its stack, so it may be that of the state.
    const failed = { steps: [], diagnostics: [{ severity: "error", message: "failed" }] };
    expect(reviewInputs({ a: failed }, { state }).changes).toMatchObject([{ kind: "delete" }]);
  });

  it("follow one policy", () => {
    const policy = { allow: [{ sink: getOrgId("other") }], reason: [{ types: ["logs"] }], protect: [{}] };
    const plan = createPlan([
      createPlanned(["update"], { before, after: { ...before, connection_types: ["logs", "audit"] } }),
    ]);
    const result = reviewInputs({ a: createPreview("dev", [create("dev")]), "plan.json": plan }, { policy });
    expect(result.outcome).toBe("violation");
    expect(result.violations.map(({ rule, change }) => [rule, change.location])).toEqual([
      ["allow", "plan.json"],
      ["allow", "acme/dev"],
      ["reason", "plan.json"],
      ["reason", "acme/dev"],
      ["protect", "plan.json"],
      ["protect", "acme/dev"],
    ]);
  });
});

describe("the command", () => {
  const folder = useFolder();
  const run = (...args: string[]) => runCommand(["review", ...args], { cwd: folder.path });

  it("reads previews, plans and states: the exit code is that of all of them", async () => {
    folder.write("preview.json", createPreview("dev", [adopt("dev")]));
    folder.write("plan.json", createPlan([createPlanned(["delete"], { before })]));
    folder.write("state.json", createShownState({ [ADDRESS]: before }));
    const runAll = async (...args: string[]) => (await run(...args)).code;
    expect(await runAll("preview.json", "--state", "state.json")).toBe(3);
    expect(await runAll("plan.json")).toBe(4);
    expect(await runAll("preview.json", "plan.json", "--state", "state.json")).toBe(4);
    expect(await runAll("preview.json", "preview.json")).toBe(2);
  });

  it.each([
    ["dev", 3],
    ["prod", 5],
  ])("with the state of the stack %s, the exit code of maxDestinations is %i", async (stack, exit) => {
    folder.write("preview.json", createPreview("dev", [create("dev")]));
    folder.write("state.json", createState(stack));
    folder.write("policy.json", { maxDestinations: [{ max: 1 }] });
    const { code, stdout } = await run("preview.json", "--state", "state.json", "--policy", "policy.json");
    const isMissing = exit === 5;
    expect([code, stdout.includes("because unchanged connections are unknown")]).toEqual([exit, isMissing]);
    expect(stdout.includes("_The state of this stack was not given, so unchanged connections")).toBe(
      isMissing,
    );
  });
});

it("the sentences name the other owner", () => {
  const result = reviewInputs({ a: createPreview("dev", [adopt("dev"), deleteFrom("dev", OFFICIAL_TYPE)]) });
  expect(listSentences(result)).toEqual([
    expect.stringContaining(
      "will be deleted; hub (acme/dev), which manages or may adopt the same connection, does not prevent the deletion — resource hub.",
    ),
    expect.stringContaining(
      "; but hub (@pulumi/datadog, acme/dev) deletes or may delete the connection of this pair (see Warnings)",
    ),
  ]);
  expect(listWarnings(result, "managed-elsewhere")).toEqual([
    expect.stringContaining(
      `First remove hub (@pulumi/datadog, acme/dev) from its state without deleting the connection: pulumi state delete '${createUrn("dev", OFFICIAL_TYPE)}' (or, if the resource that keeps the connection is in the same stack, give it an alias with the type ${OFFICIAL_TYPE}: the alias moves the state of hub to it). Then`,
    ),
  ]);
});
