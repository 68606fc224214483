/** Rules for connections whose types the program leaves unspecified, so that an update or an adoption leaves them as they are. */
import { describe, expect, it } from "vitest";
import { OrganizationDirectory } from "../../../cli/src/changes/organization-directory.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { createSingle, getId, reviewSteps, step, type StepTuple } from "../changes/steps.js";

const { inputs, outputs, ...hub } = createSingle("to-hub", "hub", "logs");
const unspecified = { ...inputs, connectionTypes: undefined };
const saved = { ...hub, inputs: unspecified, outputs: { ...(outputs as object), typesUnspecified: true } };
const protectedHub = { ...saved, protect: true };
const onlyProtect: StepTuple[] = [step.update(saved, protectedHub)];
const adopt: StepTuple[] = [
  step.create({ ...hub, id: "", outputs: {}, inputs: { ...unspecified, adopt: true } }),
];

/** Creates the result of a lookup that found only the connection to the hub. */
function createDirectory(types: string[], id = hub.id): OrganizationDirectory {
  const directory = new OrganizationDirectory({ hasLookup: true });
  const ends = { sourceOrgId: getId("payments"), sinkOrgId: getId("hub") };
  directory.addConnection({ id, ...ends, connectionTypes: types });
  directory.markListed(getId("payments"));
  return directory;
}

const reasonForAudit: Policy = { reason: [{}] };
const onlyLogs: Policy = { allow: [{ types: ["logs"] }] };
const listRules = (steps: StepTuple[], policy: Policy, directory?: OrganizationDirectory) =>
  reviewSteps(steps, { policy, ...(directory && { directory }) }).violations.map(({ rule }) => rule);

describe("if a lookup confirms the types, they count as known", () => {
  it("for a change of the state only", () => {
    expect(listRules(onlyProtect, reasonForAudit, createDirectory(["logs"]))).toEqual([]);
    expect(listRules(onlyProtect, { reason: [{ types: ["logs"] }] }, createDirectory(["logs"]))).toEqual([
      "reason",
    ]);
  });

  it("for an adoption", () => {
    const directory = createDirectory(["metrics", "logs"]);
    expect(listRules(adopt, onlyLogs, createDirectory(["logs"]))).toEqual([]);
    expect(listRules(adopt, reasonForAudit, directory)).toEqual([]);
    expect(listRules(adopt, { allow: [{ types: ["logs", "metrics"] }] }, directory)).toEqual([]);
    expect(listRules(adopt, onlyLogs, directory)).toEqual(["allow"]);
    expect(listRules(adopt, reasonForAudit, createDirectory(["audit"]))).toEqual(["reason"]);
  });
});

describe("the rules apply to all types", () => {
  it("if nothing confirms those in the state, or the lookup found others", () => {
    expect(listRules(onlyProtect, reasonForAudit)).toEqual(["reason"]);
    for (const directory of [
      createDirectory(["audit", "logs"]),
      createDirectory([]),
      createDirectory(["logs"], "another"),
    ])
      expect(listRules(onlyProtect, reasonForAudit, directory)).toEqual(["reason"]);
  });

  it("if the connection may be deleted before it is adopted", () => {
    const urn = "urn:pulumi:dev::acme::datadog:index/orgConnection:OrgConnection::old";
    const old = { ...saved, urn, type: "datadog:index/orgConnection:OrgConnection" };
    const steps: StepTuple[] = [...adopt, step.delete(old)];
    expect(listRules(steps, reasonForAudit, createDirectory(["logs"]))).toEqual(["reason"]);
  });

  it("for a create and for a replacement", () => {
    const directory = createDirectory(["logs"]);
    expect(listRules([step.replace(saved, protectedHub)], onlyLogs, directory)).toEqual(["allow"]);
    expect(listRules(adopt, onlyLogs)).toEqual(["allow"]);
  });
});
