import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../../cli/src/commands/review/markdown.js";
import {
  COMPUTED,
  createPlan,
  createPlanned,
  createPlannedValues,
  createValues,
  getOrgId,
} from "../../plans.js";
import { listWarnings, reviewInputs } from "../../review-inputs.js";

const C1 = "cccccccc-0001-4000-8000-000000000000";
const before = createValues(C1, ["logs", "metrics"]);
const toHub = { source: { id: getOrgId("source") }, sink: { id: getOrgId("hub") } };
const review = (changes: object[]) => reviewInputs({ "plan.json": createPlan(changes) });
const reviewOne = (...args: Parameters<typeof createPlanned>) => review([createPlanned(...args)]);

describe("an import block", () => {
  const importing = { importing: { id: C1 } };
  const onlyId = { ...Object.fromEntries(Object.keys(before).map((key) => [key, null])), id: C1 };

  it("adopts a connection: no data stops being shared", () => {
    const result = reviewOne(["no-op"], { before, after: before, change: importing });
    expect(result.outcome).toBe("changes");
    expect(result.changes).toMatchObject([
      { kind: "adopt", connectionId: C1, before: toHub, after: toHub, addedTypes: [], removedTypes: [] },
    ]);
    expect(result.unchanged).toEqual([]);
  });

  it("with an update stops sharing the types that the program does not declare", () => {
    const after = { ...before, connection_types: ["logs", "audit"] };
    const result = reviewOne(["update"], { before, after, change: importing });
    expect(result.outcome).toBe("destructive");
    expect(result.changes).toMatchObject([
      { kind: "adopt", connectionId: C1, addedTypes: ["audit"], removedTypes: ["metrics"] },
    ]);
  });

  it("that only knows the id may stop sharing anything", () => {
    const after = { ...createPlannedValues(), id: C1 };
    const result = reviewOne(["update"], { before: onlyId, after, change: importing });
    expect(result.outcome).toBe("destructive");
    expect(result.changes).toMatchObject([
      { kind: "adopt", connectionId: C1, before: { openTypes: "unknown" } },
    ]);
  });

  const ONLY_ID = `datadog_org_connection.this (plan.json) has only the ID of connection ${C1}: an import with the official provider reads nothing else.`;
  const DELETED =
    "So the plan deletes the connection, even if the configuration describes exactly this connection, and creates another one. Do not apply this plan.";
  const ADOPT =
    "Then adopt the connection with pulumi-datadog-org-connections (adopt: true), or leave it unmanaged.";
  const replaceOnlyId = (change: object) =>
    reviewOne(["delete", "create"], {
      before: onlyId,
      after: createPlannedValues(["logs", "metrics"]),
      change: { after_unknown: COMPUTED, ...change },
    });

  it("with the official provider, which reads only the ID, deletes the connection: the warning says what to do", () => {
    const result = replaceOnlyId(importing);
    expect(result.outcome).toBe("destructive");
    expect(result.changes).toMatchObject([{ kind: "replace", connectionId: C1, importedById: "plan" }]);
    expect(result.warnings.map(({ code }) => code)).toEqual(["import-by-id"]);
    expect(listWarnings(result, "import-by-id")).toEqual([
      `${ONLY_ID} ${DELETED} Remove the import block and the resource block from the configuration. ${ADOPT}`,
    ]);
  });

  it("that was applied before leaves a state with only the ID, which the next plan replaces", () => {
    const result = replaceOnlyId({});
    expect(result.changes).toMatchObject([{ kind: "replace", connectionId: C1, importedById: "state" }]);
    expect(result.warnings.map(({ code }) => code)).toEqual(["import-by-id"]);
    expect(listWarnings(result, "import-by-id")).toEqual([
      `${ONLY_ID} ${DELETED} Remove datadog_org_connection.this (plan.json) from its state without deleting the connection: terraform state rm 'datadog_org_connection.this', or a removed block with from = datadog_org_connection.this and lifecycle { destroy = false } (with OpenTofu, use tofu). ${ADOPT}`,
    ]);
  });

  it.each([
    ["no-op", onlyId, "changes"],
    ["update", { ...onlyId, connection_types: ["logs"] }, "destructive"],
  ])("with only the ID and %s leaves its destination unknown", (action, after, outcome) => {
    const result = reviewOne([action], { before: onlyId, after, change: importing });
    expect([result.outcome, result.changes]).toMatchObject([outcome, [{ kind: "adopt" }]]);
    expect(listWarnings(result, "import-by-id")).toEqual([
      `${ONLY_ID} So the plan shows neither the destination of the connection nor its current types. Do not apply this plan. Remove the import block and the resource block from the configuration. ${ADOPT}`,
    ]);
  });

  it("of many connections has one warning", () => {
    const result = review(
      Array.from({ length: 8 }, (_, index) =>
        createPlanned(["delete", "create"], {
          address: `datadog_org_connection.all[${String(index)}]`,
          before: { ...onlyId, id: `c${String(index)}` },
          after: createPlannedValues(["logs"]),
          change: { after_unknown: COMPUTED, importing: { id: `c${String(index)}` } },
        }),
      ),
    );
    expect(renderMarkdown(result)).toContain(
      "have only the IDs of their connections: an import with the official provider reads nothing else. So the plan deletes the connections, even if the configuration describes exactly these connections, and creates others. Do not apply this plan. Remove the `import` blocks and the blocks of these resources from the configuration. Then adopt the connections with `pulumi-datadog-org-connections` (`adopt: true`), or leave them unmanaged.",
    );
  });

  it("whose values are sensitive, or that a provider reads completely, has no such warning", () => {
    const after = createPlannedValues(["logs"], "other");
    const hidden = { before_sensitive: { sink_org_id: true, connection_types: true } };
    for (const more of [{}, hidden]) {
      const change = { ...importing, after_unknown: COMPUTED, ...more };
      expect(
        listWarnings(reviewOne(["delete", "create"], { before, after, change }), "import-by-id"),
      ).toEqual([]);
    }
  });

  it("with a replacement deletes the existing connection", () => {
    const after = createPlannedValues(["logs"], "other");
    const result = reviewOne(["delete", "create"], {
      before,
      after,
      change: { ...importing, after_unknown: COMPUTED },
    });
    expect(result.outcome).toBe("destructive");
    expect(result.changes).toMatchObject([{ kind: "replace", connectionId: C1 }]);
  });

  it("whose id is unknown until the apply may adopt any connection", () => {
    const result = reviewOne(["update"], {
      before: { ...before, id: null },
      after: createPlannedValues(),
      change: { importing: { unknown: true } },
    });
    expect(result.outcome).toBe("destructive");
    expect(result.changes).toMatchObject([{ kind: "adopt", connectionId: undefined }]);
  });
});
