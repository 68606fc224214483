/** Organizations with several names: in the configurations of stacks, or in the files of several tools. */
import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { SINGLE_TYPE } from "../../../core/src/host/type-tokens.js";
import { createPlan, createShownState, createValues, getOrgId } from "../plans.js";
import { reviewInputs, type Files } from "../review-inputs.js";

/**
 * Creates the first preview of a stack, with one new connection to each of these destinations.
 *
 * @param names - the names in the stack's configuration, each with the name of its organization in Datadog
 * @param source - the name of the credentials. By default, the first one of `names`
 */
function createFirstPreview(
  stack: string,
  sinks: readonly string[],
  names: Record<string, string>,
  source = Object.keys(names)[0],
) {
  const urn = `urn:pulumi:${stack}::acme::`;
  const organizations = Object.entries(names).map(([name, of]) => [name, { id: getOrgId(of) }]);
  return {
    config: { "datadog-org-connections:organizations": JSON.stringify(Object.fromEntries(organizations)) },
    steps: [
      { op: "create", urn: `${urn}pulumi:pulumi:Stack::acme-${stack}` },
      ...sinks.map((sink) => ({
        op: "create",
        urn: `${urn}${SINGLE_TYPE}::${sink}`,
        newState: {
          type: SINGLE_TYPE,
          inputs: { source, sinkOrgId: getOrgId(sink), connectionTypes: ["logs"] },
        },
      })),
    ],
  };
}

/** A plan that changes nothing. Its state shows the names of the organizations in Datadog. */
const createUnchangedPlan = (...sinks: string[]) =>
  createPlan([], {
    prior_state: createShownState(
      Object.fromEntries(
        sinks.map((sink, at) => [
          `datadog_org_connection.${sink}`,
          createValues(`c${at}`, ["logs"], { sink }),
        ]),
      ),
    ),
  });

const list = (inputs: Files, policy: Policy) =>
  reviewInputs(inputs, { policy }).violations.map(({ sentence }) => toPlainText(sentence));

describe("maxDestinations of a source, by the name of its credentials", () => {
  const limit = (max: number, source: string): Policy => ({ maxDestinations: [{ source, max }] });
  const tooMany = ["source would share with 3 destinations; 2 are allowed."];

  it("counts its unchanged connections of another tool, which does not know this name", () => {
    const inputs = {
      "plan.json": createUnchangedPlan("other", "security"),
      "preview.json": createFirstPreview("dev", ["hub"], { payments: "source" }),
    };
    expect(list(inputs, limit(2, "payments"))).toEqual(tooMany);
    expect(list(inputs, limit(3, "payments"))).toEqual([]);
    expect(list(inputs, limit(2, "checkout"))).toEqual([]);
  });

  it("applies by each name, if several stacks have different names for the organization", () => {
    const inputs = {
      "plan.json": createUnchangedPlan("other"),
      "a.json": createFirstPreview("a", ["security"], { pay: "source" }),
      "b.json": createFirstPreview("b", ["hub"], { payments: "source" }),
    };
    for (const source of ["pay", "payments"]) expect(list(inputs, limit(2, source)), source).toEqual(tooMany);
  });
});

describe("a second name of an organization in the configuration does not disable a rule", () => {
  const plan = createUnchangedPlan("hub", "other");
  const unknown = expect.stringContaining(
    "protect: true (too little is known about the organizations",
  ) as string;

  it("that uses the first name of a destination, whatever their order", () => {
    for (const names of [
      { archive: "security", central: "security" },
      { central: "security", archive: "security" },
    ]) {
      const preview = createFirstPreview("dev", ["security"], { payments: "source", ...names });
      const inputs = { "plan.json": createUnchangedPlan("security"), "preview.json": preview };
      expect(list(inputs, { protect: [{ sink: "central" }] }), JSON.stringify(names)).toEqual([unknown]);
      expect(list(inputs, { protect: [{ sink: "other" }] })).toEqual([]);
    }
  });

  it("that uses the first name of a source", () => {
    const names = { payments: "source", pay: "source", other: "other" };
    const preview = createFirstPreview("dev", ["security"], names, "pay");
    const inputs = { "plan.json": plan, "preview.json": preview };
    expect(list(inputs, { protect: [{ source: "payments" }] })).toEqual([unknown]);
    expect(list(inputs, { protect: [{ source: "other" }] })).toEqual([]);
    expect(list(inputs, { allow: [{ source: "payments" }] })).toHaveLength(1);
    expect(list(inputs, { allow: [{ source: "pay" }] })).toEqual([]);
  });
});
