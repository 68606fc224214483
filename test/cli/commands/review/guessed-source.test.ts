/** The source of a new connection of Terraform, which only the key of the provider's configuration suggests. */
import { expect, it } from "vitest";
import {
  COMPUTED,
  createPlan,
  createPlanned,
  createPlannedValues,
  createShownState,
  createValues,
  getOrgId,
} from "../../plans.js";
import { listSentences, reviewInputs } from "../../review-inputs.js";
import type { Policy } from "../../../../cli/src/policy/policy.js";

const OLD = "datadog_org_connection.old";
const NEW = "datadog_org_connection.new";
const before = createValues("c1");
const configuration = {
  provider_config: { datadog: {} },
  root_module: { resources: [OLD, NEW].map((address) => ({ address, provider_config_key: "datadog" })) },
};
const noOp = createPlanned(["no-op"], { address: OLD, before, after: before });
const create = createPlanned(["create"], {
  address: NEW,
  after: createPlannedValues(["audit"], "other"),
  change: { after_unknown: COMPUTED },
});
const replace = createPlanned(["delete", "create"], {
  address: OLD,
  before,
  after: createPlannedValues(["audit"], "other"),
  change: { after_unknown: COMPUTED },
});
const reviewPlan = (changes: object[], policy?: Policy) =>
  reviewInputs(
    { plan: createPlan(changes, { configuration, prior_state: createShownState({ [OLD]: before }) }) },
    policy && { policy },
  );
const ALLOW: Policy = { allow: [{ source: getOrgId("source"), sink: getOrgId("other") }] };

it("is shown as probable", () => {
  expect(listSentences(reviewPlan([noOp, create]))).toEqual([
    expect.stringMatching(/^source \(probably\) → /),
  ]);
});

it.each<[string, Policy]>([
  ["allow", ALLOW],
  ["allow", { allow: [{ source: "source" }] }],
  ["maxDestinations", { maxDestinations: [{ source: getOrgId("source"), max: 9 }] }],
  ["maxDestinations", { maxDestinations: [{ source: getOrgId("security"), max: 9 }] }],
  ["protect", { protect: [{ source: getOrgId("security") }] }],
])("does not satisfy the rule %s", (rule, policy) => {
  const { outcome, violations } = reviewPlan([noOp, create], policy);
  expect([outcome, violations.map((one) => one.rule)]).toEqual(["violation", [rule]]);
});

it("is known for a replacement, whose state shows its source", () => {
  expect(reviewPlan([replace], ALLOW).violations).toEqual([]);
});
