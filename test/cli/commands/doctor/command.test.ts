import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../../sandbox/src/index.js";
import { found, listen, useDoctor, type Report } from "./doctor.js";
import { envOf } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

const { sandbox, empty, doctor, env } = useDoctor();

describe("keys that work", () => {
  test("each check says so, and whose keys they are", async () => {
    const { user } = sandbox().organization("payments");
    const createdBy = { ...user, serviceAccount: true };
    sandbox().connect({ source: "payments", sink: "observability", createdBy });
    const { checks, causes } = await doctor({ ...env("payments") });
    expect(causes).toEqual([]);
    expect(checks.map(({ check, verdict }) => `${check}: ${verdict}`)).toEqual([
      "keys: ok",
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
    expect(found(checks, "organization")?.found).toContain(
      "Acme Payments (aaaaaaaa-0003-4000-8000-000000000003)",
    );
    expect(found(checks, "creators")?.found).toContain("service accounts: Pulumi (Acme Payments)");
  });

  test("connections made by a person are advice, and no problem", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const { checks, causes } = await doctor(env("payments"));
    expect(causes).toEqual([]);
    expect(found(checks, "creators")).toMatchObject({
      verdict: "advice",
      found: expect.stringContaining("Pulumi (Acme Payments)") as string,
    });
  });

  test.each([
    [true, "ok", "the service account Pulumi"],
    [false, "advice", "a person, Pulumi"],
  ])(
    "the owner of the application key, where it is shown: service account %s",
    async (serviceAccount, verdict, words) => {
      const { id, user, name } = sandbox().organization("payments");
      const permissions = ["org_app_keys_read", "org_connections_read", "org_connections_write"];
      const organization = { key: "payments", id, name, permissions, user: { ...user, serviceAccount } };
      const own = await startSandbox({ seed: { accounts: [{ name: "A", organizations: [organization] }] } });
      const { checks } = await doctor(envOf(own, ["payments"]));
      await own.close();
      expect(found(checks, "owner")).toMatchObject({
        verdict,
        found: expect.stringContaining(words) as string,
      });
    },
  );

  test("it sends five GETs, each once, and the API key alone first", async () => {
    await doctor(env("payments"));
    expect(sandbox().requests.map(({ method, path: at }) => `${method} ${at}`)).toEqual([
      "GET /api/v1/validate",
      "GET /api/v2/validate_keys",
      "GET /api/v2/org_connections",
      "GET /api/v2/org",
      "GET /api/v2/application_keys",
    ]);
  });

  test("as text: one line for each check, and no key in it", async () => {
    const { stdout } = await runCommand(["doctor"], { env: env("payments"), cwd: empty });
    expect(stdout).toMatch(/\nOrganization PAYMENTS at http:\/\/127\.0\.0\.1:\d+\n {2}ok +keys /);
    expect(stdout).not.toMatch(/sandbox-(api|app)-key/);
  });
});

describe("the true cause", () => {
  test("no keys", async () => {
    const { code, problems } = await doctor({});
    expect(code).toBe(6);
    expect(problems).toMatchObject([
      { check: "keys", cause: "no-keys", next: expect.stringContaining("DD_API_KEY") as string },
    ]);
    const half = await doctor({ DD_API_KEY__SHOP: "half" });
    expect(half.problems).toMatchObject([
      { cause: "no-keys", found: expect.stringContaining("DD_APP_KEY__SHOP is not") as string },
    ]);
  });

  test("wrong application key", async () => {
    const { code, problems } = await doctor({ ...env("payments"), DD_APP_KEY__PAYMENTS: "of-nobody" });
    expect([code, problems.length]).toEqual([6, 1]);
    expect(problems).toMatchObject([{ check: "application key", cause: "wrong-key" }]);
  });

  test("missing permission to read; to write", async () => {
    sandbox().setPermissions("payments", ["org_connections_write"]);
    const read = await doctor(env("payments"));
    expect(read.problems).toMatchObject([{ check: "read", cause: "missing-permission" }]);
    expect(read.problems[0]?.found).toContain("`org_connections_read`");
    const write = await doctor(env("readonly"));
    expect(write.problems).toMatchObject([{ check: "write", cause: "missing-permission" }]);
    expect(write.problems[0]?.found).toContain("`org_connections_write`");
    expect((await doctor(env("readonly"), "--read-only")).problems).toEqual([]);
  });

  test("feature off", async () => {
    const { problems } = await doctor(env("nofeature"));
    expect(problems).toMatchObject([{ check: "feature", cause: "feature-off" }]);
  });

  test("a refusal whose words tell nothing names both causes, and Datadog's words", async () => {
    const words = `Forbidden\u001b for sandbox-app-key-payments${".".repeat(2000)}sandbox-app-key-payments`;
    sandbox().fail({
      on: { route: "listConnections" },
      moment: "before",
      what: { kind: "status", status: 403, body: { errors: [words] } },
    });
    const { problems } = await doctor(env("payments"));
    expect(problems).toMatchObject([
      {
        cause: "permission-or-feature",
        found: expect.stringMatching(/"Forbidden  ?for \[key\]\.{900,985}…"/) as string,
      },
    ]);
  });

  test.each([
    [-600, "ahead of"],
    [600, "behind"],
  ])("the clock: Datadog's is %i s from this one", async (seconds, words) => {
    const other = await startSandbox({ now: () => new Date(Date.now() + seconds * 1000) });
    const { problems } = await doctor(envOf(other, ["payments"]));
    await other.close();
    expect(problems).toMatchObject([
      { check: "clock", cause: "clock", found: expect.stringContaining(words) as string },
    ]);
  });

  test("a failing Datadog and a used up rate limit are told as such", async () => {
    sandbox().fail({
      on: { route: "listConnections" },
      moment: "before",
      what: { kind: "status", status: 500 },
    });
    expect((await doctor(env("payments"))).causes).toEqual(["datadog-fails"]);
    const limited = await startSandbox({ rateLimit: { limit: 2, periodSeconds: 600 } });
    const { problems } = await doctor(envOf(limited, ["payments"]));
    await limited.close();
    expect(problems.map(({ cause, next }) => [cause, next])).toEqual([
      ["rate-limited", expect.stringMatching(/in \d+ s/)],
      ["rate-limited", expect.stringMatching(/in \d+ s/)],
    ]);
  });
});

describe("a key that the site does not know", () => {
  let other: Sandbox;
  beforeAll(async () => {
    other = await startSandbox();
  });
  afterEach(() => other.clearRequests());
  afterAll(() => other.close());
  /** The keys of an organization that lives at the other site; here nobody knows them. */
  const keysOfOther = () => {
    const { apiKey, appKey } = other.organization("payments");
    sandbox().rotateKeys("payments");
    return { ...env("payments"), DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey };
  };

  test("without leave, nobody else is asked, and both causes are named", async () => {
    const { problems } = await doctor(keysOfOther());
    expect(problems).toMatchObject([
      {
        check: "api key",
        cause: "wrong-site-or-key",
        next: expect.stringContaining("--try-sites") as string,
      },
    ]);
    expect(other.requests).toEqual([]);
  });

  test("another site is sent the API key, and no application key", async () => {
    const arrived: IncomingHttpHeaders[] = [];
    const site = createServer((request, response) => {
      arrived.push(request.headers);
      response.end('{"valid":true}');
    });
    const { causes } = await doctor(keysOfOther(), "--try-sites", `http://${await listen(site)}`);
    site.closeAllConnections();
    site.close();
    expect(causes).toEqual(["wrong-site"]);
    expect(arrived.map((headers) => headers["dd-api-key"])).toEqual(["sandbox-api-key-payments"]);
    expect(arrived[0]).not.toHaveProperty("dd-application-key");
  });

  test("wrong site: another one knows it", async () => {
    const { problems } = await doctor(keysOfOther(), "--try-sites", other.url);
    expect(problems).toMatchObject([
      {
        check: "site",
        cause: "wrong-site",
        next: expect.stringContaining(new URL(other.url).host) as string,
      },
    ]);
    expect(other.requests.map(({ path: at }) => at)).toEqual(["/api/v1/validate"]);
  });

  test("wrong key: no other one knows it either", async () => {
    const { problems } = await doctor(
      { ...keysOfOther(), DD_API_KEY__PAYMENTS: "of-nobody" },
      "--try-sites",
      other.url,
    );
    expect(problems).toMatchObject([{ check: "api key", cause: "wrong-key" }]);
  });

  test("a site that gives no answer leaves it open", async () => {
    const { problems } = await doctor(keysOfOther(), "--try-sites", "http://127.0.0.1:1");
    expect(problems).toMatchObject([
      { cause: "wrong-site-or-key", next: expect.stringContaining("127.0.0.1:1") as string },
    ]);
  });

  test("keys that are known are shown to no other site", async () => {
    const { problems } = await doctor(env("checkout"), "--try-sites", other.url);
    expect([problems, other.requests]).toEqual([[], []]);
  });

  test("keys go to no other site over plain http", async () => {
    const { code, stderr } = await runCommand(["doctor", "--try-sites", "http://example.com"], {
      env: keysOfOther(),
      cwd: empty,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining("must begin with https://")]);
  });
});

describe("the program", () => {
  /** A folder with a project, and packages of these versions where given. */
  function program(packages: Record<string, string>, project = "name: p\nruntime: nodejs\n"): string {
    const folder = mkdtempSync(path.join(empty, "program-"));
    writeFileSync(path.join(folder, "Pulumi.yaml"), project);
    for (const [name, version] of Object.entries(packages)) {
      const place = path.join(folder, "node_modules", name);
      mkdirSync(place, { recursive: true });
      writeFileSync(path.join(place, "package.json"), JSON.stringify({ name, version }));
      writeFileSync(path.join(place, "host.js"), "");
    }
    return folder;
  }
  const causes = async (cwd: string, PATH: string) => {
    const { code, stdout } = await runCommand(["doctor", "--json"], {
      env: { ...env("payments"), PATH },
      cwd,
    });
    return [
      code,
      ...(JSON.parse(stdout) as Report).program.map(
        ({ check, cause, verdict }) => `${check}: ${cause ?? verdict}`,
      ),
    ];
  };
  const OURS = "pulumi-datadog-org-connections";

  test("CLI, SDK and package as they should be", async () => {
    const folder = program({ "@pulumi/pulumi": "3.216.0", [OURS]: "0.1.0" });
    expect(await causes(folder, fakePulumi(empty, "v3.216.0"))).toEqual([
      0,
      "cli: ok",
      "sdk: ok",
      "package: ok",
    ]);
  });

  test("old ones, and none", async () => {
    const folder = program({ "@pulumi/pulumi": "3.215.9" });
    expect(await causes(folder, fakePulumi(empty, "v3.99.0"))).toEqual([
      6,
      "cli: pulumi",
      "sdk: sdk",
      "package: package",
    ]);
    expect(await causes(program({}), empty)).toEqual([6, "cli: pulumi", "sdk: sdk", "package: package"]);
  });

  test("it is looked for where the program runs: in its `main`", async () => {
    const folder = program({}, "name: p\nmain: app\n");
    const app = path.join(folder, "app/node_modules/@pulumi/pulumi");
    mkdirSync(app, { recursive: true });
    writeFileSync(path.join(app, "package.json"), '{ "version": "4.0.0" }');
    expect(await causes(folder, fakePulumi(empty, "v3.300.1"))).toEqual([
      6,
      "cli: ok",
      "sdk: ok",
      "package: package",
    ]);
  });

  test("no project, no program to look at", async () => {
    expect(await causes(empty, fakePulumi(empty, "v3.216.0"))).toEqual([0, "cli: ok", "package: unknown"]);
  });
});

/** A folder for PATH whose `pulumi` tells a version, since the tests have but one real CLI to run. */
function fakePulumi(parent: string, version: string): string {
  const folder = mkdtempSync(path.join(parent, "bin-"));
  const script = `#!${process.execPath}\nconsole.log(${JSON.stringify(version)});\n`;
  writeFileSync(path.join(folder, "pulumi"), script, { mode: 0o755 });
  return folder;
}
