import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../../cli/src/commands/review/markdown.js";
import { renderSummaryLine } from "../../../../cli/src/commands/review/summary-line.js";
import {
  COMPUTED,
  createConfiguration,
  createPlan,
  createPlanned,
  createPlannedValues,
  createShownState,
  createValues,
  getOrgId,
} from "../../plans.js";
import { listSentences, listWarnings, reviewInputs } from "../../review-inputs.js";

const C1 = "cccccccc-0001-4000-8000-000000000000";
const before = createValues(C1, ["logs", "metrics"]);
const toHub = { source: { id: getOrgId("source") }, sink: { id: getOrgId("hub") } };
const review = (changes: object[], more: object = {}) =>
  reviewInputs({ "plan.json": createPlan(changes, more) });
const reviewOne = (...args: Parameters<typeof createPlanned>) => review([createPlanned(...args)]);

describe("a plan that", () => {
  it("forgets a connection releases it, and nothing is deleted", () => {
    const result = reviewOne(["forget"], { before });
    expect(result.outcome).toBe("changes");
    expect(result.changes).toMatchObject([{ kind: "release", connectionId: C1, because: "forget" }]);
    expect(listSentences(result)).toEqual([
      `source → hub continues to share logs and metrics but leaves this state: connection ${C1} (created on 2026-01-02 by u1) will not be deleted (destroy = false) and will no longer be managed — resource datadog_org_connection.this.`,
    ]);
  });

  it.each<[string[], string, object[]]>([
    [["create", "forget"], "changes", [{ kind: "create" }, { kind: "release", connectionId: C1 }]],
    [["forget", "create"], "changes", [{ kind: "create" }, { kind: "release", connectionId: C1 }]],
    [["delete", "create"], "destructive", [{ kind: "replace", connectionId: C1, deleteFirst: true }]],
    [["create", "delete"], "destructive", [{ kind: "replace", connectionId: C1, deleteFirst: false }]],
  ])(
    "replaces a connection by %j releases or deletes it, and creates another one",
    (actions, outcome, changes) => {
      const after = createPlannedValues(["logs"], "other");
      const result = reviewOne(actions, { before, after, change: { after_unknown: COMPUTED } });
      expect([result.outcome, result.changes]).toMatchObject([outcome, changes]);
      expect(result.changes[0]?.after?.sink.id).toBe(getOrgId("other"));
    },
  );

  it("replaces a tainted connection has a gap; created first, it is refused", () => {
    const change = {
      before,
      after: createPlannedValues(["logs", "metrics"]),
      change: { after_unknown: COMPUTED },
    };
    const configuration = createConfiguration({ "datadog_org_connection.this": "datadog.team" });
    const prior_state = createShownState({ "datadog_org_connection.this": before });
    const replace = (actions: string[]) =>
      review([createPlanned(actions, change)], { configuration, prior_state });
    expect(replace(["delete", "create"]).changes).toMatchObject([{ kind: "replace", gap: true }]);
    const refused = replace(["create", "delete"]);
    expect(refused.changes).toMatchObject([{ kind: "replace", collision: { connectionId: C1 } }]);
    expect(listWarnings(refused, "pair-exists")).toEqual([
      `terraform apply will fail at datadog_org_connection.this, because source → hub already has connection ${C1} of resource datadog_org_connection.this. For a renamed resource, use a moved block. Do not use an import block: the official provider reads only the ID, so the plan replaces the connection.`,
    ]);
  });

  it("moves a connection changes nothing, with the state before the move too", () => {
    const moved = createPlanned(["no-op"], {
      before,
      after: before,
      address: `datadog_org_connection.all["hub"]`,
      previous_address: "datadog_org_connection.this",
    });
    const state = { "state.json": createShownState({ "datadog_org_connection.this": before }) };
    const result = reviewInputs({ "plan.json": createPlan([moved]) }, { state });
    expect([result.outcome, result.unchanged.length, result.warnings]).toEqual(["none", 1, []]);
  });

  it("deletes what an interrupted replacement left behind says so, and the other connection stays", () => {
    const deposed = createPlanned(["delete"], { before: createValues("c2"), deposed: "0a1b" });
    const result = review([createPlanned(["no-op"], { before, after: before }), deposed]);
    expect(result.changes).toMatchObject([{ kind: "delete", connectionId: "c2", because: "leftover" }]);
    expect([result.outcome, result.unchanged]).toMatchObject(["destructive", [toHub]]);
  });

  it("forgets what an interrupted replacement left behind releases it, although the state lists it too", () => {
    const old = createValues("c2", ["audit"]);
    const result = review([createPlanned(["forget"], { before: old, deposed: "0a1b" })], {
      prior_state: createShownState({ "datadog_org_connection.this": old }, "0a1b"),
    });
    expect(result.changes).toMatchObject([{ kind: "release", connectionId: "c2", because: "leftover" }]);
    expect(listSentences(result)).toEqual([
      "source → hub continues to share audit but leaves this state: connection c2 (created on 2026-01-02 by u1) will not be deleted (destroy = false) and will no longer be managed — resource datadog_org_connection.this.",
    ]);
  });

  it("does not delete what an interrupted replacement left behind keeps it", () => {
    const prior_state = createShownState({ "datadog_org_connection.this": createValues("c2") }, "0a1b");
    const after = { ...before, connection_types: ["logs"] };
    const change = createPlanned(["update"], { address: "datadog_org_connection.other", before, after });
    const result = review([change], { prior_state });
    expect(result.changes).toMatchObject([{ kind: "update", connectionId: C1 }]);
    expect(result.unchanged).toMatchObject([toHub]);
  });

  it("only refreshes keeps what an interrupted replacement left behind", () => {
    const prior_state = createShownState({ "datadog_org_connection.this": createValues("c2") }, "0a1b");
    const after = { ...before, connection_types: ["audit"] };
    const resource_drift = [createPlanned(["update"], { before, after })];
    const result = review([], { prior_state, resource_drift });
    expect([result.changes, result.unchanged]).toMatchObject([[], [toHub, toHub]]);
  });

  it("only reads a data source, or changes other resources, changes nothing", () => {
    const result = review([
      createPlanned(["read"], { mode: "data" }),
      createPlanned(["delete"], { type: "datadog_monitor", before: {} }),
      createPlanned(["explode"], { type: "datadog_monitor", before: {} }),
    ]);
    expect(result.outcome).toBe("none");
  });
});

describe("drift in a plan", () => {
  it("is reverted by an update", () => {
    const drifted = { ...before, connection_types: ["audit", "logs"] };
    const result = review([createPlanned(["update"], { before: drifted, after: before })], {
      resource_drift: [createPlanned(["update"], { before, after: drifted })],
    });
    expect(result.changes).toMatchObject([
      {
        kind: "drift",
        drift: { gone: false, added: ["audit"], removed: ["metrics"] },
        removedTypes: ["audit"],
      },
    ]);
  });

  it("that deleted the connection is reverted by a create", () => {
    const create = createPlanned(["create"], {
      after: createPlannedValues(["logs", "metrics"]),
      change: { after_unknown: COMPUTED },
    });
    const result = review([create], {
      resource_drift: [createPlanned(["delete"], { before })],
      configuration: createConfiguration({ "datadog_org_connection.this": "datadog.team" }),
      prior_state: createShownState({
        "datadog_org_connection.other": createValues("c2", ["logs"], { sink: "other" }),
      }),
    });
    expect(result.changes).toMatchObject([{ kind: "drift", drift: { gone: true }, after: toHub }]);
  });
});

describe("the source of a connection that is created", () => {
  const create = (address: string) =>
    createPlanned(["create"], {
      address,
      after: createPlannedValues(["audit"], "security"),
      change: { after_unknown: COMPUTED },
    });
  const configuration = createConfiguration({
    "datadog_org_connection.new": "datadog.team",
    "datadog_org_connection.old": "datadog.team",
    "datadog_org_connection.older": "datadog.team",
  });

  it("is the organization of another resource with the same provider", () => {
    const prior_state = createShownState({ "datadog_org_connection.old": before });
    const [change] = review([create("datadog_org_connection.new")], { configuration, prior_state }).changes;
    expect(change?.after?.source).toMatchObject({ id: getOrgId("source"), name: "source" });
  });

  it("is unknown if no resource or several organizations have this provider", () => {
    const others = {
      "datadog_org_connection.old": before,
      "datadog_org_connection.older": createValues("c2", ["logs"], { source: "other" }),
    };
    for (const prior_state of [undefined, createShownState(others)]) {
      const result = review([create("datadog_org_connection.new")], { configuration, prior_state });
      expect(result.changes[0]?.after?.source.id).toBeUndefined();
      expect(listSentences(result)).toEqual([
        `the organization of provider datadog.team → ${getOrgId("security")} starts sharing audit — resource datadog_org_connection.new.`,
      ]);
    }
  });

  it("is unknown if each instance of the provider has an organization (OpenTofu), or if that cannot be determined", () => {
    const prior_state = createShownState({ "datadog_org_connection.old": before });
    const providers = {
      "datadog_org_connection.new": "datadog.by_org",
      "datadog_org_connection.old": "datadog.by_org",
    };
    const keys = { references: ["var.keys", "each.key"] };
    const nested = { settings: [{ api_key: { references: ["each.value.api_key", "each.value"] } }] };
    for (const iterated of [
      createConfiguration(providers, { api_key: keys }),
      createConfiguration(providers, nested),
      { ...createConfiguration(providers), provider_config: {} },
    ]) {
      const result = review([create("datadog_org_connection.new")], { configuration: iterated, prior_state });
      expect(result.changes[0]?.after?.source.id).toBeUndefined();
      expect(listSentences(result)).toEqual([
        `an organization that is not shown → ${getOrgId("security")} starts sharing audit — resource datadog_org_connection.new.`,
      ]);
    }
    const shared = createConfiguration(providers, { api_key: { references: ["var.each"] } });
    const [change] = review([create("datadog_org_connection.new")], {
      configuration: shared,
      prior_state,
    }).changes;
    expect(change?.after?.source.id).toBe(getOrgId("source"));
  });

  it("may be the same for a replacement, if nothing is known about it", () => {
    const after = createPlannedValues(["logs", "metrics"], "security");
    const result = reviewOne(["create", "delete"], { before, after, change: { after_unknown: COMPUTED } });
    expect(listSentences(result)).toEqual([
      expect.stringContaining(
        "from an organization that is not shown (which may be the same organization) to",
      ),
    ]);
  });

  it("without a configuration is an organization that is not shown, not the default one", () => {
    const [change] = review([create("datadog_org_connection.new")]).changes;
    expect(change?.after?.source).not.toHaveProperty("isDefault");
  });
});

describe("values that a plan does not show", () => {
  it("are not shown in the report if they are sensitive, and the connection is still deleted", () => {
    const result = reviewOne(["delete"], {
      before,
      change: { before_sensitive: { sink_org_id: true, connection_types: [false, true] } },
    });
    expect(result.outcome).toBe("destructive");
    expect(JSON.stringify(result)).not.toContain(getOrgId("hub"));
    expect(result.changes).toMatchObject([
      { kind: "delete", connectionId: C1, before: { openTypes: "unknown" } },
    ]);
    // One of the types is known, but what breaks is reported once, without it.
    expect(renderMarkdown(result).match(/Dashboards, notebooks and queries of .* that use .*/g)).toEqual([
      expect.stringContaining("that use data from"),
    ]);
  });

  it("are unknown until the apply", () => {
    const result = reviewOne(["update"], {
      before,
      after: { ...before, connection_types: ["logs"] },
      change: { after_unknown: { connection_types: [false, true] } },
    });
    expect(result.outcome).toBe("destructive");
    expect(listWarnings(result, "unknown-values")).toEqual([
      expect.stringContaining("unknown until terraform apply"),
    ]);
  });
});

describe("a plan that is not complete", () => {
  it("is a failed one if it says so", () => {
    const result = review([createPlanned(["create"], { after: createPlannedValues() })], { errored: true });
    expect([result.outcome, result.errors]).toEqual([
      "failed",
      ["plan.json contains a plan that failed (`errored`). Create a new plan."],
    ]);
    expect(renderMarkdown(result)).toContain("**⛔ The plan failed, so this report is incomplete.**");
    expect(renderSummaryLine(result)).toMatch(/^the plan failed/);
  });

  it("names what it defers", () => {
    const deferred_changes = [
      { reason: "provider_config_unknown", resource_change: createPlanned(["create"], { after: {} }) },
      { reason: "x", resource_change: createPlanned(["create"], { type: "datadog_monitor" }) },
    ];
    expect(review([], { deferred_changes, complete: false }).notes).toEqual([
      "plan.json defers the change of datadog_org_connection.this (provider_config_unknown): it is part of neither this apply nor this report.",
      "plan.json is incomplete. After you apply it, create another plan and review that plan too.",
    ]);
  });

  it.each([
    [
      "an unknown action",
      createPlan([createPlanned(["explode"])]),
      `actions that this version does not know: ["explode"] of datadog_org_connection.this`,
    ],
    ["unknown actions", createPlan([createPlanned(["delete", "forget"])]), `["delete","forget"]`],
    ["another format", { ...createPlan([]), format_version: "2.0" }, `format_version "2.0"`],
    ["a state", createShownState({}), "plan.json is not a plan"],
    ["other changes", createPlan([{ address: 3 }]), "`resource_changes.0.address` is missing or invalid"],
  ])("%s is an error that says so", (_, plan, message) => {
    expect(() => reviewInputs({ "plan.json": plan })).toThrow(message);
  });
});
