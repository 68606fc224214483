import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { createSingle } from "../../changes/steps.js";
import { useFolder } from "../../folder.js";
import { findCheck, useDoctor } from "./use-doctor.js";

const { sandbox, runDoctor, getEnv } = useDoctor();
const folder = useFolder();
folder.write("Pulumi.yaml", "name: acme\nruntime: yaml\n");
const LOCKS = "backend/.pulumi/locks/organization/acme/dev";

/** Runs `doctor` with a `pulumi` that prints a state in which `source` has shared data of the organization `owner`. */
function runInStack(env: Record<string, string>, { source = "payments", owner = "payments", url = "" } = {}) {
  const { id, name } = sandbox().getOrganization(owner);
  const hub = createSingle("hub", "hub", "logs");
  const outputs = { source, sinkOrgId: sandbox().getOrganization("security").id, connectionTypes: ["logs"] };
  const resource = {
    ...hub,
    custom: true,
    inputs: outputs,
    outputs: { ...outputs, sourceOrgId: id, sourceOrgName: name },
  };
  folder.writePulumi({
    config: {},
    stack: { version: 3, deployment: { resources: [resource] } },
    whoami: { user: "ci", url: url === "" ? `file://${folder.getPath("backend")}` : url },
  });
  return runDoctor({ ...env, PATH: folder.path }, "--cwd", folder.path, "--stack", "dev");
}

test("keys of another organization than that of the connections in the state are a problem", async () => {
  const { checks, code } = await runInStack(getEnv("payments"), { owner: "checkout" });
  expect(code).toBe(6);
  expect(findCheck(checks, "organization")).toMatchObject({
    verdict: "problem",
    cause: "wrong-organization",
    found: expect.stringMatching(
      /^The credentials belong to Acme Payments \(.*\), but the connections of `payments` in the state of stack dev belong to Acme Checkout \(/,
    ) as string,
  });
  const same = await runInStack(getEnv("payments"));
  expect(findCheck(same.checks, "organization")?.verdict).toBe("ok");
});

test("two names of one organization without the same id are advice", async () => {
  const payments = sandbox().getOrganization("payments");
  const token = { DD_BEARER_TOKEN__PAY: payments.bearerToken, DD_HOST__PAY: sandbox().url };
  const env = { ...getEnv("payments"), ...token };
  const { report } = await runInStack(env);
  const advice = report.organizations.flatMap(({ names, checks }) =>
    checks
      .filter(({ check, verdict }) => check === "organization" && verdict === "advice")
      .map(({ found }) => [...names, found]),
  );
  expect(advice).toEqual([[expect.any(String), expect.stringMatching(/belong to the same organization/)]]);
  const ids = { DD_ORG_UUID__PAY: payments.id, DD_ORG_UUID__PAYMENTS: payments.id };
  const named = await runInStack({ ...env, ...ids });
  expect(
    named.checks.filter(({ verdict, check }) => verdict === "advice" && check === "organization"),
  ).toEqual([]);
});

test("a stack that a run locks is a problem, and a backend whose locks are not listed is unknown", async () => {
  const findLocks = async (url?: string) => {
    const { report } = await runInStack(getEnv("payments"), { url });
    return report.program
      .filter(({ found }) => found.includes("lock"))
      .map(({ cause, verdict }) => cause ?? verdict);
  };
  expect(await findLocks()).toEqual([]);
  folder.write(`${LOCKS}/0a1b.json`, {});
  expect(await findLocks()).toEqual(["stack-locked"]);
  expect(await findLocks("s3://states")).toEqual(["unknown"]);
  rmSync(folder.getPath(LOCKS), { recursive: true });
  expect(await findLocks()).toEqual([]);
});

test("if the settings of the stack are invalid, no credentials are called missing: the stack may have them", async () => {
  folder.writePulumi({
    config: { "datadog-org-connections:baseUrl": { value: "http://127.0.0.1", secret: false } },
  });
  const run = (...stack: string[]) => runDoctor({ PATH: folder.path }, "--cwd", folder.path, ...stack);
  const { code, report } = await run("--stack", "dev");
  expect([code, findCheck(report.program, "stack")?.cause, report.organizations]).toEqual([
    6,
    "invalid-settings",
    [],
  ]);
  const { checks: withoutStack } = await run();
  expect(findCheck(withoutStack, "credentials")?.cause).toBe("credentials-missing");
});
