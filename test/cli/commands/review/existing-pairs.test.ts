import { describe, expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/facts.js";
import { toPlainText } from "../../../../cli/src/changes/rich-text.js";
import { groupStatements } from "../../../../cli/src/commands/review/statements.js";
import { findWarnings } from "../../../../cli/src/commands/review/warnings.js";
import { createChange } from "../../changes/create-change.js";
import { createSet, createSingle, reviewSteps, step } from "../../changes/steps.js";
import {
  createConfiguration,
  createPlan,
  createPlanned,
  createPlannedValues,
  createValues,
  getOrgId,
} from "../../plans.js";
import { listWarnings, reviewInputs } from "../../review-inputs.js";
import {
  C1,
  OFFICIAL_TYPE,
  create,
  createPreview,
  createResource,
  createState,
  createUrn,
  deleteFrom,
  inputs,
} from "./stack-previews.js";

const createShared = (sink: string) => ({
  source: { id: "source" },
  sink: { id: sink },
  connectionTypes: ["logs"],
});
const createColliding = (more: Partial<Change> = {}): Change =>
  createChange("create", {
    resource: "hub",
    after: createShared("hub"),
    collision: { connectionId: "c1", resource: "old", mayBeDeletedFirst: true },
    ...more,
  });
const createDeleting = (location: string): Change =>
  createChange("delete", {
    resource: "old",
    location,
    before: createShared("hub"),
    connectionId: "c1",
  });
const listSentences = (changes: readonly Change[]) =>
  groupStatements(findWarnings(changes, []).filter(({ code }) => code === "pair-exists")).sentences.map(
    toPlainText,
  );

it("a resource of the same stack deletes the connection: dependsOn guarantees the order", () => {
  expect(listSentences([createColliding(), createDeleting("acme/dev")])).toEqual([
    expect.stringContaining(
      "already has connection c1 of resource old. The create succeeds if old deletes the connection first, which is guaranteed if hub lists old in dependsOn.",
    ),
  ]);
});

it("a set of the same stack deletes its member: dependsOn guarantees the order", () => {
  const { changes } = reviewSteps([
    step.update(createSet({ hub: "logs" }), createSet({})),
    step.create(createSingle("new", "hub", "logs")),
  ]);
  expect(listSentences(changes)).toEqual([
    expect.stringContaining(
      "The create succeeds if all deletes the connection first, which is guaranteed if new lists all in dependsOn.",
    ),
  ]);
});

it("a resource of another stack deletes the connection: nothing guarantees the order", () => {
  expect(listSentences([createColliding(), createDeleting("acme/prod")])).toEqual([
    expect.stringContaining(
      "already has connection c1 of resource old (acme/prod). The create succeeds if old (acme/prod) deletes the connection first. For",
    ),
  ]);
});

it("a set whose pairs have connections counts as one resource", () => {
  const members = Array.from({ length: 8 }, (_, at) =>
    createColliding({
      form: "set",
      after: createShared(`sink-${at}`),
      collision: { connectionId: `c${at}`, resource: "old", mayBeDeletedFirst: true },
    }),
  );
  expect(listSentences(members)).toHaveLength(8);
  const single = createColliding({ resource: "single", address: "urn:single" });
  expect(listSentences([...members, single])).toEqual([
    expect.stringMatching(
      /^pulumi up may fail at 2 resources \(hub and single\), .* The creates succeed if other resources delete the connections first\. For/,
    ),
  ]);
});

describe("a create of a pair that exists", () => {
  it("is refused by Datadog for a resource of Terraform, whose state does not know the connection", () => {
    const plan = createPlan(
      [
        createPlanned(["no-op"], {
          before: createValues("c2", ["logs"], { sink: "other" }),
          after: createValues("c2", ["logs"], { sink: "other" }),
          address: "datadog_org_connection.old",
        }),
        createPlanned(["create"], { after: createPlannedValues() }),
      ],
      {
        configuration: createConfiguration({
          "datadog_org_connection.old": "datadog.team",
          "datadog_org_connection.this": "datadog.team",
        }),
      },
    );
    const result = reviewInputs({ "plan.json": plan }, { state: { "stack.json": createState("dev") } });
    expect(result.changes).toMatchObject([{ kind: "create", collision: { connectionId: C1 } }]);
    expect(listWarnings(result, "pair-exists")).toEqual([
      expect.stringMatching(
        /^terraform apply will fail at datadog_org_connection\.this, .* Do not use an import block: .* replaces the connection\.$/,
      ),
    ]);
  });
});

describe("a create of a pair whose connection an interrupted replacement has deleted in another stack", () => {
  const pending = createResource("prod", { pendingReplacement: true });

  it("succeeds if the state shows that", () => {
    const state = { "prod.json": { version: 3, deployment: { resources: [pending] } } };
    const result = reviewInputs({ a: createPreview("dev", [create("dev")]) }, { state });
    expect(listWarnings(result, "pair-exists")).toEqual([]);
  });

  it("succeeds if the preview of that stack shows it", () => {
    const removed = { op: "remove-pending-replace", urn: createUrn("prod"), oldState: pending };
    const newState = createResource("prod", { inputs: { ...inputs, sinkOrgId: getOrgId("other") } });
    const replaced = { op: "replace", urn: createUrn("prod"), oldState: pending, newState };
    const result = reviewInputs({
      a: createPreview("dev", [create("dev")]),
      b: createPreview("prod", [replaced, removed]),
    });
    expect(listWarnings(result, "pair-exists")).toEqual([]);
  });
});

describe("a create of a pair whose connection another tool deletes", () => {
  it("will fail in the same stack, because the engine deletes last", () => {
    const result = reviewInputs({
      a: createPreview("dev", [create("dev"), deleteFrom("dev", OFFICIAL_TYPE)]),
    });
    expect(listWarnings(result, "pair-exists")).toEqual([
      expect.stringMatching(/^pulumi up will fail at hub, because .* of resource hub\. For a renamed/),
    ]);
  });

  it("may fail in another stack, because nothing orders the two", () => {
    const result = reviewInputs({
      a: createPreview("dev", [create("dev")]),
      b: createPreview("prod", [deleteFrom("prod", OFFICIAL_TYPE)]),
    });
    expect(listWarnings(result, "pair-exists")).toEqual([
      expect.stringMatching(
        /^pulumi up may fail at hub, .* The create succeeds if hub \(@pulumi\/datadog, acme\/prod\) deletes the connection first\. For/,
      ),
    ]);
  });

  it("may fail in a plan, because Terraform does not order the two", () => {
    const plan = createPlan([
      createPlanned(["create"], { after: createPlannedValues(), address: "datadog_org_connection.new" }),
      createPlanned(["delete"], { before: createValues(C1, ["logs", "metrics"]) }),
    ]);
    const configuration = createConfiguration({
      "datadog_org_connection.this": "datadog.team",
      "datadog_org_connection.new": "datadog.team",
    });
    expect(listWarnings(reviewInputs({ a: { ...plan, configuration } }), "pair-exists")).toEqual([
      expect.stringMatching(/^terraform apply may fail at datadog_org_connection\.new/),
    ]);
  });
});
