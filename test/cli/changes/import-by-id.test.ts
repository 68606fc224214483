import { expect, it } from "vitest";
import { findImportById, type ResourceTimeline } from "../../../cli/src/changes/resource-timeline.js";

/** Creates the timeline of a resource of which the state shows these inputs. */
const createTimeline = (inputs: object, { tool = "terraform", isImport = false } = {}) =>
  ({
    resource: { tool, location: "plan.json", address: "datadog_org_connection.hub", name: "hub" },
    isImport,
    refreshedState: { inputs },
  }) as unknown as ResourceTimeline;

const ONLY_ID = { connectionTypes: { connectionTypes: [], openTypes: "unspecified" } };

it("Terraform knows only the ID if neither the destination nor the types are shown", () => {
  expect(findImportById(createTimeline(ONLY_ID))).toBe("state");
  expect(findImportById(createTimeline(ONLY_ID, { isImport: true }))).toBe("plan");
});

it.each([
  ["the destination", { ...ONLY_ID, sinkOrgId: "00000000-0000-4000-8000-000000000001" }],
  ["the types", { connectionTypes: { connectionTypes: ["logs"] } }],
  ["that the types are sensitive", { connectionTypes: { connectionTypes: [], openTypes: "unknown" } }],
])("Terraform knows more if the state shows %s", (_, inputs) => {
  expect(findImportById(createTimeline(inputs))).toBeUndefined();
});

it("a resource of another tool, or without a state, is not imported by its ID", () => {
  expect(findImportById(createTimeline(ONLY_ID, { tool: "datadog-org-connections" }))).toBeUndefined();
  expect(findImportById({ ...createTimeline(ONLY_ID), refreshedState: undefined })).toBeUndefined();
});
