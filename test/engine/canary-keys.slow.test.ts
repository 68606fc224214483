import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { seedWith, type FaultAction, type SandboxSeed } from "../../sandbox/src/index.js";
import { useEngine, type Run, type Stack } from "./stack.js";

/** Every key says so; it holds signs that URLs, JSON and shells write in another way. */
const canary = (what: string, of: string) => `CANARY-${what}-${of}+/=%&?"'<>\\~${of}`;
const engine = useEngine({ seed: withCanaries(seedWith({ sentinels: true })) });
const LOGGED = ["--logtostderr", "--logflow", "-v=9"];
/** A line of the engine's log at level 9. */
const LOG_LINE = /^\{"time":.*"v":9\}$/m;

const declare = (sink: string, args = `connectionTypes: ["logs"]`, name = "hub") =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.id(sink)}", ${args} });`;
const hub = () => declare("observability");

describe("no key shows, with the keys in the environment", () => {
  it("in preview, up, refresh, update, replace and destroy that succeed", async () => {
    const stack = engine.stack(hub());
    const preview = await stack.preview(...LOGGED);
    expect(preview.output).toMatch(LOG_LINE);
    await silent(stack, preview, 0);
    await silent(stack, await stack.up(...LOGGED), 0);
    await silent(stack, await stack.refresh(...LOGGED), 0);
    stack.program(declare("observability", `connectionTypes: ["audit"]`));
    await silent(stack, await stack.up(...LOGGED), 0);
    stack.program(declare("security"));
    await silent(stack, await stack.up(...LOGGED), 0);
    await silent(stack, await stack.destroy(...LOGGED), 0);
  });

  // In an answer that repeats both keys, as a careless gateway does.
  const echo = () => {
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    return { errors: [`bad key ${apiKey} / ${encodeURIComponent(appKey)}`, appKey] };
  };
  const quickly = { "X-RateLimit-Reset": "3600" };
  const failures: { of: string; code: RegExp; what: () => FaultAction }[] = [
    { of: "400", code: /\[bad-request\]/, what: () => ({ kind: "status", status: 400, body: echo() }) },
    { of: "401", code: /\[unauthenticated\]/, what: () => ({ kind: "status", status: 401, body: echo() }) },
    { of: "403", code: /\[forbidden\]/, what: () => ({ kind: "status", status: 403, body: echo() }) },
    { of: "404", code: /\[not-found\]/, what: () => ({ kind: "status", status: 404, body: echo() }) },
    { of: "409", code: /\[pair-exists\]/, what: () => ({ kind: "status", status: 409, body: echo() }) },
    { of: "418", code: /\[unexpected-status\]/, what: () => ({ kind: "status", status: 418, body: echo() }) },
    {
      of: "429",
      code: /\[rate-limited\]/,
      what: () => ({ kind: "status", status: 429, body: echo(), headers: quickly }),
    },
    { of: "500", code: /\[outcome-unknown\]/, what: () => ({ kind: "status", status: 500, body: echo() }) },
    { of: "a reset", code: /\[outcome-unknown\]/, what: () => ({ kind: "reset" }) },
    { of: "a cut body", code: /\[outcome-unknown\]/, what: () => ({ kind: "truncate" }) },
    { of: "a gateway's page", code: /\[outcome-unknown\]/, what: () => ({ kind: "html" }) },
    { of: "a login page", code: /\[outcome-unknown\]/, what: () => ({ kind: "html", status: 200 }) },
    {
      of: "JSON of another shape",
      code: /\[outcome-unknown\]/,
      what: () => ({ kind: "json", body: echo() }),
    },
    {
      of: "a redirect that repeats the keys",
      code: /redirects the request .* to elsewhere\.example.*\[outcome-unknown\]/s,
      what: () => {
        const { apiKey } = engine.sandbox.organization("payments");
        return {
          kind: "redirect",
          location: `https://elsewhere.example/?api_key=${encodeURIComponent(apiKey)}`,
        };
      },
    },
  ];

  it.each(failures)("in a create that fails with $of", async ({ code, what }) => {
    const stack = engine.stack(hub());
    engine.sandbox.fail({
      on: { route: "createConnection" },
      times: Infinity,
      moment: "before",
      what: what(),
    });
    const run = await stack.up(...LOGGED);
    await silent(stack, run, 1);
    expect(run.errors.join()).toMatch(code);
  });

  it.each(failures.filter(({ of }) => ["401", "403", "429"].includes(of)))(
    "in a refresh, an update and a destroy that fail with $of",
    async ({ code, what }) => {
      const stack = engine.stack(hub());
      await stack.mustUp();
      stack.program(declare("observability", `connectionTypes: ["audit"]`));
      engine.sandbox.fail({ times: Infinity, moment: "before", what: what() });
      const refresh = await stack.refresh(...LOGGED);
      await silent(stack, refresh, 1);
      expect(refresh.errors.join()).toMatch(code);
      await silent(stack, await stack.up(...LOGGED), 1);
      await silent(stack, await stack.destroy(...LOGGED), 1);
    },
  );

  const programs: { of: string; code: string; program: () => string; prepare?: (stack: Stack) => unknown }[] =
    [
      {
        of: "the keys of another organization",
        code: "wrong-organization",
        program: hub,
        prepare: (stack) => stack.config("datadog-org-connections:id", engine.id("checkout")),
      },
      {
        of: "a pair that exists",
        code: "pair-exists",
        program: hub,
        prepare: () => engine.sandbox.connect({ source: "payments", sink: "observability" }),
      },
      {
        of: "an unknown source",
        code: "unknown-source",
        program: () => declare("observability", `source: "paymints"`),
      },
      {
        of: "one key missing",
        code: "keys-missing",
        program: hub,
        prepare: (stack) => void (stack.env = { ...stack.env, DD_APP_KEY: "" }),
      },
      {
        of: "a key that cannot be one",
        code: "invalid-configuration",
        program: hub,
        prepare: (stack) =>
          void (stack.env = { ...stack.env, DD_APP_KEY: `${stack.env["DD_APP_KEY"]} with blanks` }),
      },
      {
        of: "a key where the address belongs",
        code: "invalid-configuration",
        program: hub,
        prepare: (stack) => void (stack.env = { ...stack.env, DD_HOST: stack.env["DD_API_KEY"] ?? "" }),
      },
      {
        of: "a key where the site belongs",
        code: "invalid-configuration",
        program: hub,
        prepare: (stack) =>
          void (stack.env = { ...stack.env, DD_HOST: "", DD_SITE: stack.env["DD_API_KEY"] ?? "" }),
      },
      {
        of: "a site that does not resolve",
        code: "name-not-resolved",
        program: hub,
        prepare: (stack) => void (stack.env = { ...stack.env, DD_HOST: "", DD_SITE: "no-such-site.invalid" }),
      },
      { of: "a sink of another account", code: "not-found", program: () => declare("globex-shop") },
      { of: "the source as its own sink", code: "invalid-input", program: () => declare("payments") },
      {
        of: "the look-up of an unknown organization",
        code: "organization-unknown",
        program: () => `await getOrganization({ name: "Nobody" });`,
      },
    ];

  it.each(programs)("in a preview that fails for $of", async ({ code, program, prepare }) => {
    const stack = engine.stack(program());
    await prepare?.(stack);
    const run = await stack.preview(...LOGGED);
    await silent(stack, run, 1);
    expect(run.errors.join()).toContain(`[${code}]`);
  });

  it("though the search for them would find one, URL-encoded too", () => {
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    expect(found(`x${apiKey}y ${encodeURIComponent(appKey)}`)).toHaveLength(2);
  });

  it("in the URLs of requests", async () => {
    const stack = engine.stack(hub());
    await stack.mustUp();
    expect(new Set(engine.sandbox.requests.map(({ auth }) => auth))).toEqual(new Set(["headers"]));
  });

  it("when the query carries the keys, because that was asked for, and the server cuts every answer", async () => {
    const stack = engine.stack(hub());
    await stack.config("datadog-org-connections:auth", "query");
    await silent(stack, await stack.preview(...LOGGED), 0);
    engine.sandbox.fail({ on: { route: "createConnection" }, moment: "before", what: { kind: "reset" } });
    await silent(stack, await stack.up(...LOGGED), 0);
    expect(new Set(engine.sandbox.requests.map(({ auth }) => auth))).toEqual(new Set(["query"]));
  });
});

describe("keys in the stack's configuration, as secrets", () => {
  async function configured(program: string): Promise<Stack> {
    const stack = engine.stack(program);
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    stack.env = {};
    const at = "datadog-org-connections:organizations.payments";
    await stack.config("--path", `${at}.url`, engine.sandbox.url);
    await stack.config("--secret", "--path", `${at}.apiKey`, apiKey);
    await stack.config("--secret", "--path", `${at}.appKey`, appKey);
    return stack;
  }
  const named = (types = "logs") =>
    declare("observability", `source: "payments", connectionTypes: ["${types}"]`);

  it("show nowhere in success and failure", async () => {
    const stack = await configured(named());
    await silent(stack, await stack.preview(), 0);
    await silent(stack, await stack.up(), 0);
    engine.sandbox.setPermissions("payments", []);
    await silent(stack, await stack.refresh(), 1);
    stack.program(named("audit"));
    await silent(stack, await stack.up(), 1);
    await silent(stack, await stack.destroy(), 1);
  });

  it("show nowhere in the log that the engine writes at -v=9", async () => {
    const stack = await configured(named());
    await silent(stack, await stack.up(...LOGGED), 0);
    await silent(stack, await stack.refresh(...LOGGED), 0);
    await silent(stack, await stack.destroy(...LOGGED), 0);
  });

  it("in plain text are refused without being repeated, and reach no state", async () => {
    const stack = engine.stack(hub());
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    stack.env = { DD_HOST: engine.sandbox.url };
    await stack.config("--plaintext", "datadog-org-connections:apiKey", apiKey);
    await stack.config("--plaintext", "datadog-org-connections:appKey", appKey);
    const run = await stack.up();
    expect(run.errors.join()).toContain("[key-in-plain-text]");
    expect(found(run.output)).toEqual([]);
    // The engine copies Pulumi.dev.yaml as it is into its history, before any program runs; the state stays clean.
    expect(leaks(path.join(stack.folder, "backend/.pulumi/stacks"))).toEqual([]);
  });
});

/** The run ended as it should, and no key is in what it printed or left behind. */
async function silent(stack: Stack, run: Run, code: 0 | 1): Promise<void> {
  expect(found(run.output), "the output").toEqual([]);
  expect(run.code === 0 ? 0 : 1, run.output.slice(-3000)).toBe(code);
  // State, history and backups, home folder, event logs, everything.
  expect(leaks(stack.folder)).toEqual([]);
  // Of keys in the configuration the engine keeps a copy, encrypted; --show-secrets is made for showing it.
  const flags = stack.env["DD_API_KEY"] === undefined ? [] : ["--show-secrets"];
  expect(found((await stack.pulumi(["stack", "export", ...flags])).output), "the export").toEqual([]);
  expect(found(JSON.stringify(engine.sandbox.requests)), "the sandbox's log").toEqual([]);
}

/** The files under a folder that hold a key, by their path. */
function leaks(folder: string): string[] {
  return textsUnder(folder).flatMap(([file, text]) => (found(text).length > 0 ? [file] : []));
}

function textsUnder(folder: string): [file: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const bytes = readFileSync(file);
      return [file, (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()];
    });
}

/** Which keys stand in a text: whatever was done to the odd signs in them, the name of each stays. */
function found(text: string): string[] {
  return [...new Set(text.match(/CANARY-(api|app)-[a-z0-9-]+/g) ?? [])].sort();
}

function withCanaries({ accounts }: SandboxSeed): SandboxSeed {
  return {
    accounts: accounts.map(({ name, organizations }) => ({
      name,
      organizations: organizations.map((organization) => ({
        ...organization,
        apiKey: canary("api", organization.key),
        appKey: canary("app", organization.key),
      })),
    })),
  };
}
