import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../../tree.js";

const SCRIPT = path.join(ROOT, "examples/ci/ci/with-keys.mjs");
const folder = mkdtempSync(path.join(tmpdir(), "with-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

const KEYS = {
  payments: { apiKey: "payments-api", appKey: "payments-app" },
  "acme.eu": { apiKey: "eu-api", appKey: "eu-100%", site: "datadoghq.eu" },
  search: { bearerToken: "search-token-api" },
};

function runScript(args: string[], keys: unknown, env: Record<string, string> = {}) {
  const value = typeof keys === "string" ? keys : JSON.stringify(keys);
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
    env: { PATH: process.env["PATH"], ORGANIZATION_KEYS: value, ...env },
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** A command that prints its variables and its own command line. */
const PRINT = [process.execPath, "-p", "JSON.stringify([process.env, process.argv, process.execArgv])"];

describe("the command", () => {
  test.each(["a variable", "a file"])("gets the keys of %s in its environment, and only there", (form) => {
    const file = path.join(folder, "keys.json");
    writeFileSync(file, JSON.stringify(KEYS, undefined, 2));
    const { code, stdout, stderr } = runScript(PRINT, form === "a file" ? file : KEYS, { OTHER: "1" });
    expect([code, stderr]).toEqual([0, ""]);
    const [env, ...commandLine] = JSON.parse(stdout) as [Record<string, string>, ...unknown[]];
    expect(env).toEqual({
      PATH: process.env["PATH"],
      OTHER: "1",
      DD_API_KEY__PAYMENTS: "payments-api",
      DD_APP_KEY__PAYMENTS: "payments-app",
      DD_API_KEY__ACME_EU: "eu-api",
      DD_APP_KEY__ACME_EU: "eu-100%",
      DD_SITE__ACME_EU: "datadoghq.eu",
      DD_BEARER_TOKEN__SEARCH: "search-token-api",
    });
    expect(JSON.stringify(commandLine)).not.toMatch(/-api|-app|eu-100/);
  });

  test("determines the exit code", () => {
    expect(runScript([process.execPath, "-e", "process.exit(42)"], KEYS).code).toBe(42);
    expect(runScript([process.execPath, "-e", "process.kill(process.pid)"], KEYS).code).toBe(1);
    const missing = runScript(["no-such-command"], KEYS);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      "no-such-command did not start (ENOENT). Is it on PATH?\n",
    ]);
  });
});

describe("--mask", () => {
  test("prints a workflow command for each key on GitHub", () => {
    const { code, stdout } = runScript(["--mask"], KEYS, { GITHUB_ACTIONS: "true" });
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toEqual([
      "::add-mask::payments-api",
      "::add-mask::payments-app",
      "::add-mask::eu-api",
      "::add-mask::eu-100%25",
      "::add-mask::search-token-api",
    ]);
  });

  test("prints no key elsewhere", () => {
    const { code, stdout, stderr } = runScript(["--mask"], KEYS);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).not.toMatch(/-api|-app/);
  });
});

test.each([
  ["nothing", "", "ORGANIZATION_KEYS is not set"],
  ["broken JSON", '{"payments":{"apiKey":"secret-1"', "neither a JSON object nor"],
  ["a missing file", "/secret-1/missing", "neither a JSON object nor"],
  ["a list", "[1]", "neither a JSON object nor"],
  ["a missing key", { payments: { apiKey: "secret-1" } }, 'payments needs "apiKey" and "appKey"'],
  [
    "a token next to a key",
    { payments: { bearerToken: "secret-1", appKey: "secret-1" } },
    'payments needs "apiKey" and "appKey", or "bearerToken" alone',
  ],
  ["a null", { payments: null }, 'payments needs "apiKey" and "appKey"'],
  [
    "another setting",
    { payments: { apiKey: "secret-1", appKey: "secret-1", toString: "secret-1" } },
    "payments.toString is invalid",
  ],
  ["a number", { payments: { apiKey: "secret-1", appKey: 1 } }, "payments.appKey is invalid"],
  ["two lines", { payments: { apiKey: "secret-1", appKey: "a\nsecret-1" } }, "payments.appKey is invalid"],
  [
    "two names with the same variables",
    { "a.b": KEYS.payments, "a-b": { apiKey: "secret-1", appKey: "secret-1" } },
    "a-b has the same variables as another name (DD_API_KEY__A_B)",
  ],
])("%s is an error without a key, and the command does not start", (_, keys, message) => {
  const { code, stdout, stderr } = runScript(PRINT, keys);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("secret-1");
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("without a command, the script prints its usage", () => {
  const { code, stderr } = runScript([], KEYS);
  expect(code).toBe(1);
  expect(stderr).toContain("Usage: node ci/with-keys.mjs");
});
