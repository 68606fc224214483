import { describe, expect, test } from "vitest";
import { startSandbox } from "../../../sandbox/src/index.js";
import { useSandbox } from "../harness.js";
import { decodeToken, hasSignature } from "./decode-token.js";
import { exchange, formatAudience } from "./exchange.js";

const sandbox = useSandbox();

async function readJson(url: string, authorization?: string): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(url, authorization === undefined ? {} : { headers: { authorization } });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

test("the public keys verify a token, whose claims are those requested", async () => {
  const { issuer } = sandbox();
  const [status, document] = await readJson(`${issuer.url}/.well-known/openid-configuration`);
  expect([status, document["issuer"]]).toEqual([200, issuer.url]);
  const token = await issuer.issueToken({
    audience: "datadog/x",
    subject: "me",
    claims: { team: "a" },
    lifetimeSeconds: 7,
  });
  const [, keySet] = await readJson(String(document["jwks_uri"]));
  expect(hasSignature(token, keySet as never)).toBe(true);
  expect(JSON.stringify(keySet)).not.toMatch(/"(d|p|q)":/);
  const { iat, ...claims } = decodeToken(token).claims;
  expect(claims).toMatchObject({
    iss: issuer.url,
    aud: "datadog/x",
    sub: "me",
    team: "a",
    exp: Number(iat) + 7,
  });
});

test("a token without options lives five minutes", async () => {
  const { iat, ...claims } = decodeToken(await sandbox().issuer.issueToken({ audience: "x" })).claims;
  expect(claims).toMatchObject({ sub: "sandbox-workload", exp: Number(iat) + 300 });
});

test("issueToken refuses invalid arguments", async () => {
  const issue = (input: unknown) => sandbox().issuer.issueToken(input as never);
  await expect(issue({})).rejects.toThrow("input.audience must be a string or a list of strings");
  await expect(issue({ audience: "x", lifetime: 1 })).rejects.toThrow(
    'input has an unknown field "lifetime"',
  );
  await expect(issue({ audience: [] })).rejects.toThrow("input.audience must not be empty");
  await expect(issue({ audience: "x", lifetimeSeconds: 0.5 })).rejects.toThrow("must be a whole number");
});

describe("the endpoint of GitHub Actions", () => {
  const getJob = (query = "", token = sandbox().issuer.github.requestToken) =>
    readJson(`${sandbox().issuer.github.requestUrl}${query}`, `bearer ${token}`);
  const readClaims = async (query: string) => decodeToken(String((await getJob(query))[1]["value"])).claims;

  test("returns the token of a push to main, with the requested audience", async () => {
    const [status, body] = await getJob("&audience=datadog/x");
    expect([status, body["count"]]).toEqual([200, String(body["value"]).length]);
    expect(decodeToken(String(body["value"])).claims).toMatchObject({
      iss: sandbox().issuer.url,
      aud: "datadog/x",
      sub: "repo:acme/infrastructure:ref:refs/heads/main",
      repository: "acme/infrastructure",
      repository_owner: "acme",
      ref: "refs/heads/main",
      event_name: "push",
      job_workflow_ref: "acme/infrastructure/.github/workflows/deploy.yml@refs/heads/main",
    });
  });

  test("without an audience, returns that of the owner, as GitHub does", async () => {
    expect((await readClaims(""))["aud"]).toBe("https://github.com/acme");
    expect(await readClaims("")).not.toHaveProperty("api-version");
  });

  test.each([
    ["&ref=refs/heads/next", "repo:acme/infrastructure:ref:refs/heads/next"],
    ["&environment=production", "repo:acme/infrastructure:environment:production"],
    ["&event_name=pull_request&ref=refs/pull/7/merge", "repo:acme/infrastructure:pull_request"],
    ["&repository=other/app", "repo:other/app:ref:refs/heads/main"],
    ["&sub=custom", "custom"],
  ])("takes claims of the job from the query %s", async (query, sub) => {
    const claims = await readClaims(query);
    expect(claims["sub"]).toBe(sub);
    expect(claims).toMatchObject(Object.fromEntries(new URLSearchParams(query)));
  });

  test("requires its own token", async () => {
    expect((await getJob("", "other"))[0]).toBe(401);
    const { requestUrl, requestToken } = sandbox().issuer.github;
    expect((await readJson(requestUrl))[0]).toBe(401);
    expect((await readJson(requestUrl, requestToken))[0]).toBe(401);
  });

  test("a job of a pull request is not mapped like one of main", async () => {
    const claims = { repository: "acme/infrastructure", event_name: "push", ref: "refs/heads/main" };
    sandbox().mapIdentity({ organization: "payments", identity: { type: "jwt", claims } });
    const exchangeJob = async (query = "") => {
      const [, { value }] = await getJob(`&audience=${formatAudience(sandbox())}${query}`);
      return (await exchange(sandbox(), String(value))).status;
    };
    expect(await exchangeJob()).toBe(200);
    expect(await exchangeJob("&event_name=pull_request&ref=refs/pull/7/merge")).toBe(403);
    expect(await exchangeJob("&repository=acme/other")).toBe(403);
    expect(await exchangeJob("&environment=production&ref=refs/heads/next")).toBe(403);
  });
});

test("an unknown path of the issuer returns 501", async () => {
  expect((await readJson(`${sandbox().issuer.url}/nonsense`))[0]).toBe(501);
});

test("two sandboxes have different keys", async () => {
  const token = await sandbox().issuer.issueToken({ audience: formatAudience(sandbox()) });
  const other = await startSandbox();
  try {
    const identity = { type: "jwt", issuer: sandbox().issuer.url, claims: {} } as const;
    other.mapIdentity({ organization: "payments", identity });
    expect((await exchange(other, token)).status).toBe(401);
  } finally {
    await other.close();
  }
});
