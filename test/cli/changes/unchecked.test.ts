/** Creates with `adopt` in a stack without preview checks: the pair may have a connection with more types. */
import { describe, expect, it } from "vitest";
import { SECRET } from "../../../cli/src/stack/known-value.js";
import { OrganizationDirectory } from "../../../cli/src/changes/organization-directory.js";
import {
  UNKNOWN,
  createSet,
  createSingle,
  formatReview,
  getId,
  reviewSteps,
  step,
  type StepTuple,
} from "./steps.js";

const OFFLINE = { "datadog-org-connections:checks": "offline" };
const hub = createSingle("to-hub", "hub", "logs");
const declare = (more: object): StepTuple =>
  step.create({ ...hub, id: "", outputs: {}, inputs: { ...hub.inputs, ...more } });
const adopting = declare({ adopt: true });

describe("without preview checks", () => {
  it("a create with `adopt` may stop sharing the types of an existing connection", () => {
    const review = reviewSteps([adopting], { config: OFFLINE });
    expect(formatReview(review)).toEqual([
      "destructive",
      `payments (configured name) → ${getId("hub")} starts sharing logs, or adopts the connection of this pair if one exists, which then stops sharing its other types — resource to-hub.`,
    ]);
    const set = createSet({ hub: "logs" }, { inputs: { adopt: true } });
    expect(reviewSteps([step.create(set)], { config: OFFLINE }).outcome).toBe("destructive");
    const hidden = { "datadog-org-connections:checks": "[secret]" };
    expect(reviewSteps([adopting], { config: hidden }).outcome).toBe("destructive");
  });

  it("nothing else may", () => {
    for (const step of [declare({}), declare({ adopt: true, connectionTypes: undefined })])
      expect(reviewSteps([step], { config: OFFLINE }).outcome).toBe("changes");
  });

  it.each(["payments", "hub"])("a lookup of %s shows whether there is a connection", (listed) => {
    const directory = new OrganizationDirectory({ hasLookup: true });
    directory.markListed(getId(listed));
    expect(reviewSteps([adopting], { config: OFFLINE, directory }).outcome).toBe("changes");
    const types = ["logs", "metrics"];
    const ends = { sourceOrgId: getId("payments"), sinkOrgId: getId("hub") };
    directory.addConnection({ id: "live", ...ends, connectionTypes: types });
    const review = reviewSteps([adopting], { config: OFFLINE, directory });
    expect(review.changes).toMatchObject([{ kind: "adopt", removedTypes: ["metrics"] }]);
  });

  it("a lookup that did not reach the organizations shows nothing", () => {
    const directory = new OrganizationDirectory({ hasLookup: true });
    expect(reviewSteps([adopting], { config: OFFLINE, directory }).outcome).toBe("destructive");
  });

  describe("a provider of the plugin that the program names has its own setting", () => {
    const providerType = "pulumi:providers:datadog-org-connections";
    const formatProviderUrn = (name: string) => `urn:pulumi:dev::acme::${providerType}::${name}`;
    const type = "datadog-org-connections:index:OrgConnection";
    const next = { ...hub, type, urn: `urn:pulumi:dev::acme::${type}::x`, outputs: {} };
    const declareWith = (provider: string): StepTuple =>
      step.create({
        ...next,
        provider: `${formatProviderUrn(provider)}::id`,
        inputs: { ...hub.inputs, adopt: true },
      });
    const createProvider = (name: string, checks?: string): StepTuple => {
      const urn = formatProviderUrn(name);
      return step.create({ urn, type: providerType, id: "id", inputs: { checks }, outputs: {} });
    };
    const isUnchecked = (steps: StepTuple[], options?: object) =>
      reviewSteps(steps, options).changes[0]?.isAdoptionUnchecked;

    it("so that of the stack does not count", () => {
      const state = ["eu", "default_1_0_0"].map((name) => ({
        urn: formatProviderUrn(name),
        type: providerType,
        inputs: {},
      }));
      expect(isUnchecked([declareWith("eu")], { config: OFFLINE, state })).toBeUndefined();
      expect(isUnchecked([declareWith("default_1_0_0")], { config: OFFLINE, state })).toBe(true);
    });

    it("and counts if only the state shows the provider, or if nothing does", () => {
      const state = (checks: string) => [
        { urn: formatProviderUrn("eu"), type: providerType, inputs: { checks } },
      ];
      expect(isUnchecked([declareWith("eu")], { state: state("offline") })).toBe(true);
      expect(isUnchecked([declareWith("eu")], { state: state("online") })).toBeUndefined();
      expect(
        isUnchecked([createProvider("eu"), declareWith("eu")], { state: state("offline") }),
      ).toBeUndefined();
      expect(isUnchecked([declareWith("eu")])).toBe(true);
    });

    it.each([
      ["offline", true],
      [SECRET, true],
      [UNKNOWN, true],
      ["online", undefined],
      [undefined, undefined],
    ])("%s", (checks, expected) => {
      expect(isUnchecked([createProvider("eu", checks), declareWith("eu")])).toBe(expected);
      expect(
        isUnchecked([createProvider("us", checks), createProvider("eu"), declareWith("eu")]),
      ).toBeUndefined();
    });
  });
});

it("with preview checks, which would report the adoption, nothing stops", () => {
  expect(reviewSteps([adopting]).outcome).toBe("changes");
});
