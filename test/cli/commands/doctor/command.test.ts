import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseSites } from "../../../../cli/src/commands/doctor/key-checks.js";
import { KNOWN_SITES } from "../../../../core/src/credentials/base-url.js";
import { startSandbox, type Fault, type Sandbox } from "../../../../sandbox/src/index.js";
import { containing, findCheck, listen, useDoctor } from "./use-doctor.js";
import { createEnv } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

const { sandbox, empty, runDoctor, getEnv } = useDoctor();

describe("valid credentials", () => {
  test("every check passes, and the organization of the keys is reported", async () => {
    const { user } = sandbox().getOrganization("payments");
    const createdBy = { ...user, serviceAccount: true };
    sandbox().connect({ source: "payments", sink: "observability", createdBy });
    const { checks, causes } = await runDoctor({ ...getEnv("payments") });
    expect(causes).toEqual([]);
    expect(checks.map(({ check, verdict }) => `${check}: ${verdict}`)).toEqual([
      "credentials: ok",
      "host: ok",
      "clock: ok",
      "site: ok",
      "api key: ok",
      "application key: ok",
      "organization: ok",
      "owner: unknown",
      "creators: ok",
      "read: ok",
      "feature: ok",
      "write: ok",
    ]);
    expect(findCheck(checks, "organization")?.found).toContain(
      "Acme Payments (aaaaaaaa-0003-4000-8000-000000000003)",
    );
    expect(findCheck(checks, "creators")?.found).toContain(
      "Service accounts created the connections from this organization: Pulumi (Acme Payments)",
    );
  });

  test("connections created by a person are advice, not a problem", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const { checks, causes } = await runDoctor(getEnv("payments"));
    expect(causes).toEqual([]);
    expect(findCheck(checks, "creators")).toMatchObject({
      verdict: "advice",
      found: containing("Pulumi (Acme Payments)"),
    });
  });

  test("it sends five GET requests, each once, the first one with the API key only", async () => {
    await runDoctor(getEnv("payments"));
    expect(sandbox().requests.map(({ method, path: at }) => `${method} ${at}`)).toEqual([
      "GET /api/v1/validate",
      "GET /api/v2/validate_keys",
      "GET /api/v2/org_connections",
      "GET /api/v2/org",
      "GET /api/v2/application_keys",
    ]);
  });

  test("as text: one line for each check, without any key", async () => {
    const { stdout } = await runCommand(["doctor"], { env: getEnv("payments"), cwd: empty });
    expect(stdout).toMatch(/\nOrganization payments at http:\/\/127\.0\.0\.1:\d+\n {2}ok +credentials /);
    expect(stdout).not.toMatch(/sandbox-(api|app)-key/);
  });

  test("as text: of several organizations, each without a problem has one line, and a problem is shown completely", async () => {
    const env = getEnv("payments", "checkout", "observability", "readonly");
    const { code, stdout } = await runCommand(["doctor"], { env, cwd: empty });
    expect(code).toBe(6);
    const [, healthy = "", broken = ""] = stdout.split(/\n(?=\d+ organizations|Organization )/);
    expect(healthy.split("\n").filter((line) => line !== "")).toEqual([
      "3 organizations without a problem",
      expect.stringMatching(
        /^ {2}ok {7}checkout at http:\S+ {6}The credentials belong to Acme Checkout \(\S+\)\. 10 checks ok, owner: unknown\.$/,
      ),
      expect.stringMatching(
        /^ {2}ok {7}observability at http:\S+ The credentials belong to Acme Observability /,
      ),
      expect.stringMatching(/^ {2}ok {7}payments at http:\S+ {6}The credentials belong to Acme Payments /),
      "  unknown  owner            The owner of the application key could not be read. It is visible only with the permission `org_app_keys_read`. (checkout, observability, payments)",
    ]);
    expect(broken).toMatch(
      /^Organization readonly at .*\n {2}ok +credentials .*\n(.*\n)+ {2}problem {2}write /,
    );

    const problems = await runCommand(["doctor", "--problems"], { env, cwd: empty });
    expect(problems.code).toBe(6);
    expect(problems.stdout).toMatch(
      /^Program in .*\n {2}problem {2}cli .*\n\nOrganization readonly at .*\n {2}problem {2}write .*\n\n2 problems\.\n$/,
    );
    const json = await runDoctor(env, "--problems");
    expect([json.code, json.checks.length, json.problems.length]).toEqual([6, 1, 1]);
  });
});

test("in a terminal: colors, wrapped lines, and each next step on its own line", async () => {
  const terminal = { env: getEnv("readonly"), cwd: empty, columns: 100, isColored: true };
  const { stdout } = await runCommand(["doctor"], terminal);
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
  expect(stdout).toContain(`\n  ${red("problem ")} write            Datadog`);
  expect(stdout).toMatch(/\n {28}Next: Add it to the role/);
  // eslint-disable-next-line no-control-regex -- the codes of colors
  const lines = stdout.replace(/\u001b\[\d+m/g, "").split("\n");
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});

describe("the cause", () => {
  type Problem = Partial<Record<"check" | "cause" | "code" | "found" | "next", string>>;
  const failList = (what: Fault["what"], route: NonNullable<Fault["on"]>["route"] = "listConnections") => {
    sandbox().fail({ on: { route }, moment: "before", what });
    return getEnv("payments");
  };
  const createRefusal = (words: string) =>
    ({ kind: "status", status: 403, body: { errors: [words] } }) as const;
  const TOO_LARGE = "x".repeat(16 * 1024 * 1024 + 1);

  test.each<[string, () => Record<string, string>, Problem]>([
    [
      "missing credentials",
      () => ({}),
      { check: "credentials", cause: "credentials-missing", next: containing("DD_API_KEY") },
    ],
    [
      "a wrong application key",
      () => ({ ...getEnv("payments"), DD_APP_KEY__PAYMENTS: "unknown-key" }),
      { check: "application key", cause: "wrong-key" },
    ],
    [
      "no permission to read",
      () => {
        sandbox().setPermissions("payments", ["org_connections_write"]);
        return getEnv("payments");
      },
      { check: "read", cause: "missing-permission", found: containing("`org_connections_read`") },
    ],
    [
      "no permission to write",
      () => getEnv("readonly"),
      { check: "write", cause: "missing-permission", found: containing("`org_connections_write`") },
    ],
    ["feature off", () => getEnv("nofeature"), { check: "feature", cause: "feature-off" }],
    [
      "a refusal with an unclear message, which names both causes and quotes the message",
      () =>
        failList(
          createRefusal(
            `Forbidden\u001b for sandbox-app-key-payments${".".repeat(2000)}sandbox-app-key-payments`,
          ),
        ),
      {
        cause: "permission-or-feature",
        code: "forbidden",
        found: expect.stringMatching(/"Forbidden.* for \[credential\]\./) as string,
        next: containing("cross-organization visibility is enabled"),
      },
    ],
    [
      "a failure of Datadog",
      () => failList({ kind: "status", status: 500 }),
      { check: "read", cause: "datadog-fails", code: "server-error" },
    ],
    [
      "a list that is too large, which is not a missing response",
      () => failList({ kind: "json", body: { data: TOO_LARGE } }),
      { check: "read", cause: "not-datadog", code: "response-too-large" },
    ],
    [
      "a JSON array, which is not a response of Datadog",
      () => failList({ kind: "json", body: [] }, "validateApiKey"),
      { check: "host", cause: "not-datadog", code: "unexpected-response" },
    ],
  ])("%s", async (_, prepare, problem) => {
    const { code, problems } = await runDoctor(prepare());
    expect([code, problems]).toMatchObject([6, [problem]]);
    expect(JSON.stringify(problems)).not.toMatch(
      /sandbox-(?:api|app)-key|run `datadog-org-connections doctor`/,
    );
  });

  test("with --read-only, a missing permission to write is none", async () => {
    expect((await runDoctor(getEnv("readonly"), "--read-only")).problems).toEqual([]);
  });

  test("a rate limit is reported with the time to wait", async () => {
    const limited = await startSandbox({ rateLimit: { limit: 2, periodSeconds: 600 } });
    const { problems } = await runDoctor(createEnv(limited, ["payments"]));
    await limited.close();
    const problem = { cause: "rate-limited", found: expect.stringMatching(/in \d+ s/) as string };
    expect(problems).toMatchObject([problem, problem, problem]);
  });

  test.each([
    [-600, "ahead of"],
    [600, "behind"],
  ])("the clock: Datadog's is %i s from this one", async (seconds, words) => {
    const other = await startSandbox({ now: () => new Date(Date.now() + seconds * 1000) });
    const { problems } = await runDoctor(createEnv(other, ["payments"]));
    await other.close();
    expect(problems).toMatchObject([{ check: "clock", cause: "clock", found: containing(words) }]);
  });
});

describe("a key that the site refuses", () => {
  let other: Sandbox;
  beforeAll(async () => {
    other = await startSandbox();
  });
  afterEach(() => other.clearRequests());
  afterAll(() => other.close());
  /** Creates the environment with keys of the other site, which this site refuses. */
  const createOtherSiteEnv = () => {
    const { apiKey, appKey } = other.getOrganization("payments");
    sandbox().rotateKeys("payments");
    return { ...getEnv("payments"), DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey };
  };

  const UNREACHABLE = "http://127.0.0.1:1";
  test.each<[string, () => string[], Record<string, string>, number]>([
    [
      "without --try-sites, no other site is tried, and both causes are named",
      () => [],
      { check: "api key", cause: "wrong-site-or-key", next: containing("--try-sites") },
      0,
    ],
    [
      "the configured site is no other site, so both causes are named",
      () => [sandbox().url],
      { cause: "wrong-site-or-key" },
      0,
    ],
    ["wrong site: another one accepts the key", () => [other.url], { check: "site", cause: "wrong-site" }, 1],
    [
      "without a response from the other site, the cause is unknown",
      () => [UNREACHABLE],
      { cause: "wrong-site-or-key", next: containing("127.0.0.1:1") },
      0,
    ],
    [
      "--try-sites may be repeated: all of them are tried",
      () => [other.url, UNREACHABLE],
      { cause: "wrong-site" },
      1,
    ],
  ])("%s", async (_, listSites, problem, requests) => {
    const sites = listSites().flatMap((site) => ["--try-sites", site]);
    const { problems } = await runDoctor(createOtherSiteEnv(), ...sites);
    expect(problems).toMatchObject([problem]);
    if (problem["cause"] === "wrong-site") expect(problems[0]?.next).toContain(new URL(other.url).host);
    expect(other.requests.map(({ path: at }) => at)).toEqual(Array(requests).fill("/api/v1/validate"));
  });

  test("the sites to try", () => {
    const all = parseSites(["all"]);
    expect(all).toHaveLength(KNOWN_SITES.length);
    expect(parseSites([other.url, " datadoghq.eu", "all"]).toSorted()).toEqual(
      [...all, other.url].toSorted(),
    );
  });

  test("another site gets the API key but no application key", async () => {
    const arrived: IncomingHttpHeaders[] = [];
    const site = createServer((request, response) => {
      arrived.push(request.headers);
      response.end('{"valid":true}');
    });
    const { causes } = await runDoctor(createOtherSiteEnv(), "--try-sites", `http://${await listen(site)}`);
    site.closeAllConnections();
    site.close();
    expect(causes).toEqual(["wrong-site"]);
    expect(arrived.map((headers) => headers["dd-api-key"])).toEqual(["sandbox-api-key-payments"]);
    expect(arrived[0]).not.toHaveProperty("dd-application-key");
  });

  test("wrong key: all sites refuse it", async () => {
    const { problems } = await runDoctor(
      { ...createOtherSiteEnv(), DD_API_KEY__PAYMENTS: "unknown-key" },
      "--try-sites",
      other.url,
    );
    expect(problems).toMatchObject([{ check: "api key", cause: "wrong-key" }]);
  });

  test.each([403, 200])("a page of a proxy with status %i is not the response of a site", async (status) => {
    const proxy = createServer((_, response) =>
      response.writeHead(status, { "Content-Type": "text/html" }).end("<html>This site is blocked.</html>"),
    );
    const { problems } = await runDoctor(
      createOtherSiteEnv(),
      "--try-sites",
      `http://${await listen(proxy)}`,
    );
    proxy.closeAllConnections();
    proxy.close();
    expect(problems).toMatchObject([
      {
        cause: "wrong-site-or-key",
        found: containing("0 refused the API key too, and 1 gave no usable response"),
      },
    ]);
  });

  test("no other site gets a valid key", async () => {
    const { problems } = await runDoctor(getEnv("checkout"), "--try-sites", other.url);
    expect([problems, other.requests]).toEqual([[], []]);
  });

  test("keys are not sent to other sites over plain HTTP", async () => {
    const { code, stderr } = await runCommand(["doctor", "--try-sites", "http://example.com"], {
      env: createOtherSiteEnv(),
      cwd: empty,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining("must begin with https://")]);
  });
});
