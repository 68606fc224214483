import { describe, expect, test } from "vitest";
import { startSandbox } from "../../../../sandbox/src/index.js";
import { containing, findCheck, useDoctor } from "./use-doctor.js";

const { sandbox, runDoctor } = useDoctor();
const createTokenEnv = (token: string) => ({
  DD_BEARER_TOKEN__PAYMENTS: token,
  DD_HOST__PAYMENTS: sandbox().url,
});
const getTokenEnv = (key = "payments") => createTokenEnv(sandbox().getOrganization(key).bearerToken);

/** Starts a sandbox in which the token of `payments` has the documented format. */
const startWithToken = (bearerToken: string) => {
  const { id, name } = sandbox().getOrganization("payments");
  const organizations = [{ key: "payments", id, name, bearerToken }];
  return startSandbox({ seed: { accounts: [{ name: "Acme", organizations }] } });
};

describe("a valid token", () => {
  test("every check passes, with two GET requests that have no key", async () => {
    const { checks, causes } = await runDoctor(getTokenEnv());
    expect(causes).toEqual([]);
    expect(checks[0]?.found).toContain("A bearer token is set: DD_BEARER_TOKEN__PAYMENTS.");
    expect(checks.map(({ check, verdict }) => `${check}: ${verdict}`)).toEqual([
      "credentials: ok",
      "host: ok",
      "clock: ok",
      "site: ok",
      "token: ok",
      "organization: ok",
      "owner: unknown",
      "read: ok",
      "feature: ok",
      "write: ok",
    ]);
    expect(sandbox().requests.map(({ route, credentials }) => [route, credentials])).toEqual([
      ["listConnections", "token"],
      ["listOrganizations", "token"],
    ]);
  });

  test.each([
    ["ddsat_canary", "ok", "service account"],
    ["ddpat_canary", "advice", "belongs to a person"],
  ])("%s: its prefix shows the owner", async (token, verdict, words) => {
    const own = await startWithToken(token);
    const { checks } = await runDoctor({ DD_BEARER_TOKEN__PAYMENTS: token, DD_HOST__PAYMENTS: own.url });
    await own.close();
    expect(findCheck(checks, "owner")).toMatchObject({
      verdict,
      found: containing(words),
    });
  });

  test("a missing permission is reported as such", async () => {
    const { checks, causes } = await runDoctor(getTokenEnv("readonly"));
    expect(causes).toEqual(["missing-permission"]);
    expect(findCheck(checks, "token")?.verdict).toBe("ok");
  });
});

describe("a refused token", () => {
  test("has a cause and the next step, and is never sent to another site", async () => {
    const env = getTokenEnv();
    sandbox().rotateToken("payments");
    const other = await startSandbox();
    const { code, problems } = await runDoctor(env, "--try-sites", other.url);
    expect([code, problems.length]).toEqual([6, 1]);
    expect(problems).toMatchObject([
      {
        check: "token",
        cause: "token-refused",
        found: containing("has expired or was revoked"),
        next: containing("create a new one"),
      },
    ]);
    expect(other.requests).toEqual([]);
    await other.close();
  });

  test("with a 403 that names no reason, nothing is claimed about the token", async () => {
    const what = { kind: "status", status: 403, body: { errors: ["Forbidden"] } } as const;
    sandbox().fail({ times: Infinity, moment: "before", what });
    const { checks, causes } = await runDoctor(getTokenEnv());
    expect(findCheck(checks, "token")?.verdict).toBe("unknown");
    expect(causes).toContain("permission-or-feature");
  });
});

test("a token in the place of the application key is recognized, and only checked as a token", async () => {
  const token = "ddsat_canary";
  const own = await startWithToken(token);
  const { stdout, checks, causes } = await runDoctor({
    DD_API_KEY__PAYMENTS: "any-api-key",
    DD_APP_KEY__PAYMENTS: token,
    DD_HOST__PAYMENTS: own.url,
  });
  expect(causes).toEqual([]);
  expect(findCheck(checks, "credentials")).toMatchObject({
    verdict: "advice",
    next: containing("set it as the bearer token"),
  });
  expect(findCheck(checks, "token")?.verdict).toBe("ok");
  expect(findCheck(checks, "owner")?.verdict).toBe("ok");
  expect(own.requests.map(({ route }) => route)).toEqual(["listConnections", "listOrganizations"]);
  expect(stdout).not.toContain("canary");
  await own.close();
});
