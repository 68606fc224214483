import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseSites } from "../../../../cli/src/commands/doctor/other-sites.js";
import { KNOWN_SITES } from "../../../../core/src/credentials/base-url.js";
import { startSandbox, type Sandbox } from "../../../../sandbox/src/index.js";
import { findCheck, listen, useDoctor } from "./use-doctor.js";
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
      found: expect.stringContaining("Pulumi (Acme Payments)") as string,
    });
  });

  test.each([
    [true, "ok", "the service account Pulumi"],
    [false, "advice", "a person, Pulumi"],
  ])(
    "the owner of the application key, if visible: service account %s",
    async (serviceAccount, verdict, words) => {
      const { id, user, name } = sandbox().getOrganization("payments");
      const permissions = ["org_app_keys_read", "org_connections_read", "org_connections_write"];
      const organization = { key: "payments", id, name, permissions, user: { ...user, serviceAccount } };
      const own = await startSandbox({ seed: { accounts: [{ name: "A", organizations: [organization] }] } });
      const { checks } = await runDoctor(createEnv(own, ["payments"]));
      await own.close();
      expect(findCheck(checks, "owner")).toMatchObject({
        verdict,
        found: expect.stringContaining(words) as string,
      });
    },
  );

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

describe("the cause", () => {
  test("missing credentials", async () => {
    const { code, problems } = await runDoctor({});
    expect(code).toBe(6);
    expect(problems).toMatchObject([
      {
        check: "credentials",
        cause: "credentials-missing",
        next: expect.stringContaining("DD_API_KEY") as string,
      },
    ]);
    const half = await runDoctor({ DD_API_KEY__SHOP: "half" });
    expect(half.problems).toMatchObject([
      { cause: "credentials-missing", found: expect.stringContaining("DD_APP_KEY__SHOP is not") as string },
    ]);
  });

  test("wrong application key", async () => {
    const { code, problems } = await runDoctor({
      ...getEnv("payments"),
      DD_APP_KEY__PAYMENTS: "unknown-key",
    });
    expect([code, problems.length]).toEqual([6, 1]);
    expect(problems).toMatchObject([{ check: "application key", cause: "wrong-key" }]);
  });

  test("missing permission to read; to write", async () => {
    sandbox().setPermissions("payments", ["org_connections_write"]);
    const read = await runDoctor(getEnv("payments"));
    expect(read.problems).toMatchObject([{ check: "read", cause: "missing-permission" }]);
    expect(read.problems[0]?.found).toContain("`org_connections_read`");
    const write = await runDoctor(getEnv("readonly"));
    expect(write.problems).toMatchObject([{ check: "write", cause: "missing-permission" }]);
    expect(write.problems[0]?.found).toContain("`org_connections_write`");
    expect((await runDoctor(getEnv("readonly"), "--read-only")).problems).toEqual([]);
  });

  test("feature off", async () => {
    const { problems } = await runDoctor(getEnv("nofeature"));
    expect(problems).toMatchObject([{ check: "feature", cause: "feature-off" }]);
  });

  test("a refusal with an unclear message names both causes and quotes the message", async () => {
    const words = `Forbidden\u001b for sandbox-app-key-payments${".".repeat(2000)}sandbox-app-key-payments`;
    sandbox().fail({
      on: { route: "listConnections" },
      moment: "before",
      what: { kind: "status", status: 403, body: { errors: [words] } },
    });
    const { problems } = await runDoctor(getEnv("payments"));
    expect(problems).toMatchObject([
      {
        cause: "permission-or-feature",
        found: expect.stringMatching(/"Forbidden  ?for \[credential\]\.{890,985}…"/) as string,
      },
    ]);
  });

  test.each([
    [-600, "ahead of"],
    [600, "behind"],
  ])("the clock: Datadog's is %i s from this one", async (seconds, words) => {
    const other = await startSandbox({ now: () => new Date(Date.now() + seconds * 1000) });
    const { problems } = await runDoctor(createEnv(other, ["payments"]));
    await other.close();
    expect(problems).toMatchObject([
      { check: "clock", cause: "clock", found: expect.stringContaining(words) as string },
    ]);
  });

  test("a failure of Datadog and a rate limit are reported as such", async () => {
    sandbox().fail({
      on: { route: "listConnections" },
      moment: "before",
      what: { kind: "status", status: 500 },
    });
    expect((await runDoctor(getEnv("payments"))).causes).toEqual(["datadog-fails"]);
    const limited = await startSandbox({ rateLimit: { limit: 2, periodSeconds: 600 } });
    const { problems } = await runDoctor(createEnv(limited, ["payments"]));
    await limited.close();
    expect(problems.map(({ cause, next }) => [cause, next])).toEqual([
      ["rate-limited", expect.stringMatching(/in \d+ s/)],
      ["rate-limited", expect.stringMatching(/in \d+ s/)],
      ["rate-limited", expect.stringMatching(/in \d+ s/)],
    ]);
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

  test("without --try-sites, no other site is tried, and both causes are named", async () => {
    const { problems } = await runDoctor(createOtherSiteEnv());
    expect(problems).toMatchObject([
      {
        check: "api key",
        cause: "wrong-site-or-key",
        next: expect.stringContaining("--try-sites") as string,
      },
    ]);
    expect(other.requests).toEqual([]);
  });

  test("the configured site is no other site, so both causes are named", async () => {
    const { causes } = await runDoctor(createOtherSiteEnv(), "--try-sites", sandbox().url);
    expect(causes).toEqual(["wrong-site-or-key"]);
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

  test("wrong site: another one accepts the key", async () => {
    const { problems } = await runDoctor(createOtherSiteEnv(), "--try-sites", other.url);
    expect(problems).toMatchObject([
      {
        check: "site",
        cause: "wrong-site",
        next: expect.stringContaining(new URL(other.url).host) as string,
      },
    ]);
    expect(other.requests.map(({ path: at }) => at)).toEqual(["/api/v1/validate"]);
  });

  test("wrong key: all sites refuse it", async () => {
    const { problems } = await runDoctor(
      { ...createOtherSiteEnv(), DD_API_KEY__PAYMENTS: "unknown-key" },
      "--try-sites",
      other.url,
    );
    expect(problems).toMatchObject([{ check: "api key", cause: "wrong-key" }]);
  });

  test("without a response from the other site, the cause is unknown", async () => {
    const { problems } = await runDoctor(createOtherSiteEnv(), "--try-sites", "http://127.0.0.1:1");
    expect(problems).toMatchObject([
      { cause: "wrong-site-or-key", next: expect.stringContaining("127.0.0.1:1") as string },
    ]);
  });

  test("--try-sites may be repeated: all of them are tried", async () => {
    const sites = ["--try-sites", other.url, "--try-sites", "http://127.0.0.1:1"];
    const { causes } = await runDoctor(createOtherSiteEnv(), ...sites);
    expect(causes).toEqual(["wrong-site"]);
    const all = parseSites(["all"]);
    expect(all).toHaveLength(KNOWN_SITES.length);
    expect(parseSites([other.url, " datadoghq.eu", "all"]).toSorted()).toEqual(
      [...all, other.url].toSorted(),
    );
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
        found: expect.stringContaining("0 refused the API key too, and 1 gave no usable response") as string,
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
