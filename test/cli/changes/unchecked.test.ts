/** Creates with `adopt` in a stack without preview checks: the pair may have a connection with more types. */
import { describe, expect, it } from "vitest";
import { SECRET } from "../../../cli/src/stack/resource-state.js";
import { OrganizationDirectory } from "../../../cli/src/changes/organization-directory.js";
import { createNew, createProvider } from "./plugin-resources.js";
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
    const declareWith = (provider: string) =>
      step.create(createNew("hub", { provider, inputs: { source: "payments", adopt: true } }));
    const createChecking = (name: string, checks?: string) => createProvider(name, { inputs: { checks } });
    const isUnchecked = (steps: StepTuple[], options?: object) =>
      reviewSteps(steps, options).changes[0]?.isAdoptionUnchecked;

    it("so that of the stack does not count", () => {
      const state = ["eu", "default_1_0_0"].map((name) => createProvider(name));
      expect(isUnchecked([declareWith("eu")], { config: OFFLINE, state })).toBeUndefined();
      expect(isUnchecked([declareWith("default_1_0_0")], { config: OFFLINE, state })).toBe(true);
    });

    it("and counts if only the state shows the provider, or if nothing does", () => {
      const state = (checks: string) => [createChecking("eu", checks)];
      expect(isUnchecked([declareWith("eu")], { state: state("offline") })).toBe(true);
      expect(isUnchecked([declareWith("eu")], { state: state("online") })).toBeUndefined();
      expect(
        isUnchecked([step.create(createChecking("eu")), declareWith("eu")], { state: state("offline") }),
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
      expect(isUnchecked([step.create(createChecking("eu", checks)), declareWith("eu")])).toBe(expected);
      expect(
        isUnchecked([
          step.create(createChecking("us", checks)),
          step.create(createChecking("eu")),
          declareWith("eu"),
        ]),
      ).toBeUndefined();
    });
  });
});

it("with preview checks, which would report the adoption, nothing stops", () => {
  expect(reviewSteps([adopting]).outcome).toBe("changes");
});
