/** Checks changes against the policy of docs/reference/policy.md. */
import Ajv from "ajv";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parsePolicy } from "../../../cli/src/policy/policy.js";
import { createSingle, reviewSteps, step, type StepTuple } from "../../cli/changes/steps.js";
import { ROOT } from "../../tree.js";
import { usePage } from "../page.js";

const code = usePage("docs/reference/policy.md").takeBlock("Policy", "json");
const policy = parsePolicy(JSON.parse(code), "policy.json");

/** The destination that may receive audit events. */
const AUDITED = "4dee724d-0000-4000-8000-00d4f1a2b3c4";

/** A step that creates a connection from "Acme Payments", which is protected unless `more` says something else. */
function create(
  name: string,
  inputs: { sinkOrgId: string; connectionTypes: string[]; reason?: string },
  more: { protect: boolean } = { protect: true },
): StepTuple {
  const resource = createSingle(name, "hub", "logs");
  return step.create({ ...resource, ...more, inputs: { source: "payments", ...inputs } });
}

/** A connection in the state, which names its organizations. */
function createUnchanged(name: string, sinkOrgId: string, sinkOrgName: string) {
  const resource = createSingle(name, "hub", "logs");
  const names = { sourceOrgName: "Acme Payments", sinkOrgId, sinkOrgName };
  return { ...resource, outputs: { ...(resource["outputs"] as object), ...names } };
}

const createUuid = (digit: number): string => `1111111${digit}-0000-4000-8000-000000000000`;

function listViolations(steps: StepTuple[], destinationCount = 1): string[] {
  const state = Array.from({ length: destinationCount }, (_, at) =>
    createUnchanged(`unchanged-${at}`, createUuid(at), at === 0 ? "Acme Observability" : `Acme ${at}`),
  );
  return reviewSteps(steps, { policy, state }).violations.map(({ at, level }) => `${at}: ${level}`);
}

test("the file that `$schema` names accepts it", () => {
  const { $schema, ...rules } = JSON.parse(code) as { $schema: string };
  const [, file = ""] = /^\.\/node_modules\/datadog-org-connections\/(.*)$/.exec($schema) ?? [];
  const schema = JSON.parse(readFileSync(path.join(ROOT, "cli", file), "utf8")) as object;
  const validate = new Ajv().compile(schema);
  expect([validate({ $schema, ...rules }), validate.errors]).toEqual([true, null]);
  expect(validate({ ...rules, alow: [] })).toBe(false);
});

test("it allows logs and metrics for Acme Observability, and audit events with a reason for one destination", () => {
  const toHub = { sinkOrgId: createUuid(0), connectionTypes: ["logs", "metrics"] };
  const audit = { sinkOrgId: AUDITED, connectionTypes: ["audit"], reason: "SEC-1234" };
  expect(listViolations([create("a", toHub)])).toEqual([]);
  expect(listViolations([create("a", audit)])).toEqual([]);
});

test("it refuses other types and destinations, audit events without the reason, and no protection", () => {
  const toHub = { sinkOrgId: createUuid(0), connectionTypes: ["logs"] };
  expect(listViolations([create("a", { ...toHub, sinkOrgId: createUuid(7) })])).toEqual(["allow: error"]);
  expect(listViolations([create("a", { sinkOrgId: AUDITED, connectionTypes: ["logs"] })])).toEqual([
    "allow: error",
  ]);
  expect(
    listViolations([create("a", { sinkOrgId: AUDITED, connectionTypes: ["audit"], reason: "because" })]),
  ).toEqual(["reason[0]: error"]);
  expect(listViolations([create("a", toHub, { protect: false })])).toEqual(["protect[0]: error"]);
});

test("a sixth destination is only a warning", () => {
  const audit = { sinkOrgId: AUDITED, connectionTypes: ["audit"], reason: "SEC-1234" };
  expect(listViolations([create("a", audit)], 4)).toEqual([]);
  expect(listViolations([create("a", audit)], 5)).toEqual(["maxDestinations[0]: warning"]);
});
