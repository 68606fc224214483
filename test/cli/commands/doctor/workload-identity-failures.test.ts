/** `doctor` with a workload identity: the checks follow the exchange, and the first step that fails is the only problem. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { startSandbox, type Fault } from "../../../../sandbox/src/index.js";
import {
  AUDIENCE,
  createEnv,
  createJobEnv,
  createTokenEnv,
  issueToken,
  listRequests,
  mapJob,
  mapSubject,
  PAYMENTS,
} from "./identity-env.js";
import { findCheck, useDoctor, type Check } from "./use-doctor.js";

const { sandbox, runDoctor } = useDoctor();

/** Requires that one step fails, and that its check is the last one. */
function expectOneProblem(checks: Check[], problem: Partial<Check>, found: string, next: string): void {
  expect(checks.filter(({ verdict }) => verdict === "problem")).toMatchObject([problem]);
  const last = checks.at(-1);
  expect(last?.check).toBe(problem.check);
  expect(last?.found).toContain(found);
  expect(last?.next).toContain(next);
}

describe("the first step that fails is the only problem, and the last check", () => {
  test.each<[string, Record<string, string>, string, string]>([
    ["an unknown type", { DD_CLOUD_PROVIDER_TYPE__PAYMENTS: "gitlab" }, "is invalid", ""],
    ["no id", { DD_ORG_UUID__PAYMENTS: "" }, "id of organization", "DD_ORG_UUID__PAYMENTS"],
  ])("settings: %s", async (_, env, found, next) => {
    const { checks } = await runDoctor({ ...createJobEnv(sandbox()), ...env });
    expectOneProblem(checks, { check: "credentials", cause: "invalid-settings" }, found, next);
    expect(sandbox().requests).toEqual([]);
  });

  test.each<[string, Record<string, string>, string, string, string]>([
    [
      "no variable",
      createProofEnv("github"),
      "identity-missing",
      "ACTIONS_ID_TOKEN_REQUEST_URL",
      "id-token: write",
    ],
    [
      "no file",
      createProofEnv("oidc", { DD_OIDC_TOKEN_FILE: "/no/such/file" }),
      "identity-missing",
      "/no/such/file",
      "DD_OIDC_TOKEN_FILE",
    ],
    [
      "not a token",
      createProofEnv("oidc", { DD_OIDC_TOKEN: "canary" }),
      "identity-invalid",
      "DD_OIDC_TOKEN",
      "token only",
    ],
    [
      "an issuer that does not respond",
      createProofEnv("github", {
        ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:1/token",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary",
      }),
      "issuer-unreachable",
      "(ECONNREFUSED)",
      "Check the network",
    ],
    [
      "a command that is no list",
      createProofEnv("oidc", { DD_OIDC_TOKEN_COMMAND: "[1]" }),
      "invalid-settings",
      "DD_OIDC_TOKEN_COMMAND",
      "sh",
    ],
  ])("proof: %s", async (_, env, cause, found, next) => {
    const { stdout, checks } = await runDoctor({ ...env, DD_HOST__PAYMENTS: sandbox().url });
    expectOneProblem(checks, { check: "proof", cause }, found, next);
    expect(sandbox().requests).toEqual([]);
    expect(stdout).not.toContain("canary");
  });

  test.each([
    ["another audience", { audience: "datadog/other" }, "was issued for the wrong audience"],
    ["an expired token", { audience: AUDIENCE, lifetimeSeconds: 0 }, "expired at"],
  ])("proof: %s", async (_, token, found) => {
    const { checks } = await runDoctor(createTokenEnv(await sandbox().issuer.issueToken(token), sandbox()));
    expectOneProblem(checks, { check: "proof", cause: "identity-invalid" }, found, "");
    expect(sandbox().requests).toEqual([]);
  });

  test("exchange: a proof that Datadog does not accept", async () => {
    const token = await issueToken(sandbox());
    const forged = `${token.slice(0, token.lastIndexOf("."))}.Zm9yZ2Vk`;
    const { checks } = await runDoctor(createTokenEnv(forged, sandbox()));
    const problem = { check: "exchange", cause: "identity-refused", code: "identity-refused" };
    expectOneProblem(checks, problem, 'sub "job-canary"', "persona mapping");
    expect(checks.at(-1)?.found).toContain('Datadog says: "Unauthorized: the token has no valid signature');
    expect(listRequests(sandbox())).toEqual(["exchangeToken: proof"]);
  });

  test("exchange: an identity without a mapping, whose subject is shown with the problem", async () => {
    mapJob(sandbox());
    const env = { ...createJobEnv(sandbox()) };
    env.ACTIONS_ID_TOKEN_REQUEST_URL += "&ref=refs/heads/other";
    const { checks } = await runDoctor(env);
    const problem = { check: "exchange", cause: "identity-not-mapped" };
    expectOneProblem(checks, problem, 'ref "refs/heads/other"', "Add a persona mapping");
    expect(listRequests(sandbox())).toEqual(["exchangeToken: proof"]);
  });

  test.each<[string, Fault["what"], string, string, string]>([
    [
      "the rate limit",
      { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "7" } },
      "rate-limited",
      "in 7 s",
      "again later",
    ],
    ["a server error", { kind: "status", status: 503 }, "datadog-fails", "503", "again"],
    [
      "a status that no one knows",
      { kind: "status", status: 404 },
      "exchange-failed",
      "404",
      "Check the site",
    ],
    [
      "a response without a token",
      { kind: "json", body: { data: {} } },
      "exchange-failed",
      "200",
      "Check the site",
    ],
  ])("exchange: %s", async (_, what, cause, found, next) => {
    mapJob(sandbox());
    sandbox().fail({ on: { route: "exchangeToken" }, moment: "before", what });
    const { checks } = await runDoctor(createJobEnv(sandbox()));
    expectOneProblem(checks, { check: "exchange", cause }, found, next);
    expect(listRequests(sandbox())).toHaveLength(1);
  });

  test("host: the exchange gets no response", async () => {
    sandbox().fail({ on: { route: "exchangeToken" }, moment: "before", what: { kind: "reset" } });
    const { checks } = await runDoctor(createJobEnv(sandbox()));
    expectOneProblem(checks, { check: "host", cause: "host-unreachable" }, "ECONNRESET", "network");
  });

  test("host: the list gets no response", async () => {
    mapJob(sandbox());
    sandbox().fail({ on: { route: "listConnections" }, moment: "before", what: { kind: "reset" } });
    const { checks } = await runDoctor(createJobEnv(sandbox()));
    expectOneProblem(checks, { check: "host", cause: "host-unreachable" }, "ECONNRESET", "network");
  });

  test("token: Datadog does not accept the token that it has issued", async () => {
    mapJob(sandbox());
    sandbox().fail({ skip: 1, times: 2, moment: "before", what: { kind: "status", status: 401 } });
    const { checks } = await runDoctor(createJobEnv(sandbox()));
    const problem = { check: "token", cause: "token-refused", code: "unauthenticated" };
    expectOneProblem(checks, problem, "DD_CLOUD_PROVIDER_TYPE__PAYMENTS", "is active");
  });
});

describe("a wrong clock", () => {
  /** Starts a sandbox whose clock differs from the one of this machine. */
  const startWithClock = async (minutes: number) => {
    const own = await startSandbox({ now: () => new Date(Date.now() + minutes * 60_000) });
    mapSubject(own);
    return own;
  };

  const expectClockProblem = (checks: Parameters<typeof expectOneProblem>[0]) =>
    expectOneProblem(
      checks,
      { check: "clock", cause: "clock" },
      "The exchange of the proof failed",
      "Set the clock",
    );

  test("that makes a new token expired is the only problem", async () => {
    const own = await startWithClock(-20);
    const { checks } = await runDoctor(createTokenEnv(await issueToken(own, 3600), own));
    await own.close();
    expectClockProblem(checks);
    expect(own.requests).toHaveLength(1);
  });

  test("is the only problem if the proof is not accepted", async () => {
    const own = await startWithClock(-1.5);
    const { checks } = await runDoctor(createTokenEnv(`${await issueToken(own)}forged`, own));
    await own.close();
    expectClockProblem(checks);
  });

  test.each<[string, Fault["what"], string]>([
    ["an identity without a mapping", { kind: "status", status: 403 }, "identity-not-mapped"],
    ["the rate limit", { kind: "status", status: 429 }, "rate-limited"],
    ["a server error", { kind: "status", status: 500 }, "datadog-fails"],
  ])("is reported with the failure of the exchange that it does not explain: %s", async (_, what, cause) => {
    const own = await startWithClock(-1.5);
    own.fail({ on: { route: "exchangeToken" }, moment: "after", what });
    const { checks, causes } = await runDoctor(createTokenEnv(await issueToken(own), own));
    await own.close();
    expect(causes).toEqual(["clock", cause]);
    expect(checks.at(-1)?.check).toBe("exchange");
    expect(findCheck(checks, "clock")?.found).not.toContain("exchange");
  });

  test("that Datadog's response does not show is found by the expired token", async () => {
    const own = await startSandbox({ tokenLifetimeSeconds: 0 });
    mapJob(own);
    const { checks } = await runDoctor(createJobEnv(own));
    await own.close();
    expectOneProblem(checks, { check: "exchange", cause: "clock" }, "already expired", "Correct the clock");
  });

  test("with which the exchange succeeds does not end the checks", async () => {
    const own = await startWithClock(2);
    const { checks, causes } = await runDoctor(createTokenEnv(await issueToken(own), own));
    await own.close();
    expect(causes).toEqual(["clock"]);
    expect(findCheck(checks, "write")?.verdict).toBe("ok");
  });
});

describe("AWS", () => {
  const credentials = {
    accessKeyId: "ASIAEXAMPLE",
    secretAccessKey: "secret-access-key-canary",
    sessionToken: "session-token-canary==",
  };
  afterEach(() => void vi.unstubAllEnvs());

  test("the proof shows no role, so the check says how to find it", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
    vi.stubEnv("AWS_SESSION_TOKEN", credentials.sessionToken);
    const arn = "arn:aws:sts::123456789012:assumed-role/ci/job";
    const mapping = { organization: "payments", identity: { type: "aws", arn, ...credentials } } as const;
    const refused = await runDoctor(createEnv("aws", sandbox()));
    const problem = { check: "exchange", cause: "identity-refused" };
    expectOneProblem(refused.checks, problem, "aws sts get-caller-identity", "persona mapping");
    sandbox().mapIdentity(mapping);
    const { stdout, checks, causes } = await runDoctor(createEnv("aws", sandbox()));
    expect(causes).toEqual([]);
    expect(findCheck(checks, "proof")?.found).toBe(
      "The proof is from the credentials of AWS: a request signed by the AWS role or user that `aws sts get-caller-identity` shows. " +
        "AWS accepts the signature for a few minutes.",
    );
    expect(refused.stdout + stdout).not.toMatch(/canary|ASIAEXAMPLE/);
  });
});

/** Creates the environment of `payments`, with what a proof is read from. */
function createProofEnv(type: string, proof: Record<string, string> = {}): Record<string, string> {
  return { DD_CLOUD_PROVIDER_TYPE__PAYMENTS: type, DD_ORG_UUID__PAYMENTS: PAYMENTS, ...proof };
}
