import { describe, expect, it } from "vitest";
import { getOrgId } from "../../plans.js";
import { reviewInputs } from "../../review-inputs.js";
import { OFFICIAL_TYPE, C1, createUrn, inputs, createResource, createPreview } from "./stack-previews.js";

describe("a resource of @pulumi/datadog that is created", () => {
  const provider = "urn:pulumi:dev::acme::pulumi:providers:datadog::team";
  const team = { urn: provider, type: "pulumi:providers:datadog", inputs: { apiKey: "[secret]" } };
  const existing = createResource("dev", { type: OFFICIAL_TYPE, provider: `${provider}::p1` });
  const urn = `${createUrn("dev", OFFICIAL_TYPE)}-new`;
  const newState = {
    type: OFFICIAL_TYPE,
    provider: `${provider}::p1`,
    inputs: { sinkOrgId: getOrgId("other"), connectionTypes: ["logs"] },
  };
  const state = { "stack.json": { version: 3, deployment: { resources: [team, existing] } } };
  const getSource = (...steps: object[]) =>
    reviewInputs({ a: createPreview("dev", [...steps, { op: "create", urn, newState }]) }, { state })
      .changes[0]?.after?.source;

  it("has the organization of its provider, unless the configuration of the provider changes", () => {
    expect(getSource()?.id).toBe(getOrgId("source"));
    expect(getSource({ op: "update", urn: provider })?.id).toBeUndefined();
  });

  it("is never that of the default credentials", () => {
    expect(getSource({ op: "update", urn: provider })).not.toHaveProperty("isDefault");
  });

  it("and one that is imported by its ID is adopted", () => {
    const imported = createResource("dev", { type: OFFICIAL_TYPE });
    const step = { op: "import", urn: imported.urn, newState: imported };
    const result = reviewInputs({ a: createPreview("dev", [step]) });
    expect([result.outcome, result.changes, result.notes]).toMatchObject([
      "changes",
      [{ kind: "adopt", connectionId: C1 }],
      [],
    ]);
  });

  it("and one whose step has only its ID is adopted, with types that the preview does not show", () => {
    const { urn } = createResource("dev", { type: OFFICIAL_TYPE });
    const step = { op: "import", urn, newState: { type: OFFICIAL_TYPE, urn, importID: C1, inputs: {} } };
    const { changes } = reviewInputs({ a: createPreview("dev", [step]) });
    expect(changes).toMatchObject([{ kind: "adopt", connectionId: C1, before: { openTypes: "unknown" } }]);
  });
});

it("a connection that an alias moves from @pulumi/datadog stays, with one owner", () => {
  const oldState = createResource("dev", { type: OFFICIAL_TYPE, inputs: { ...inputs, source: undefined } });
  const official = { ...oldState, outputs: { ...oldState.outputs, source: undefined } };
  const step = { op: "update", urn: createUrn("dev"), oldState: official, newState: createResource("dev") };
  const state = { "stack.json": { version: 3, deployment: { resources: [official] } } };
  const result = reviewInputs({ a: createPreview("dev", [step]) }, { state });
  expect([result.outcome, result.warnings]).toEqual(["changes", []]);
  expect(result.changes).toMatchObject([
    { kind: "state-only", connectionId: C1, stateChanges: [{ property: "source", after: "payments" }] },
  ]);
});
