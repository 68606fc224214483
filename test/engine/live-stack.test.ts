import path from "node:path";
import { describe, expect, it } from "vitest";
import { isolatedEnv } from "../../tools/pulumi-env.mjs";
import { runCommand } from "../cli/run-command.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

/** A stack whose configuration holds the keys of "payments" and "checkout", as secrets. */
async function configured(program: string): Promise<Stack> {
  const stack = engine.stack(program);
  for (const name of ["payments", "checkout"]) {
    const { apiKey, appKey } = engine.sandbox.organization(name);
    for (const [field, value] of Object.entries({ apiKey, appKey })) {
      await stack.config(
        "--secret",
        "--path",
        `datadog-org-connections:organizations.${name}.${field}`,
        value,
      );
    }
    await stack.config("--path", `datadog-org-connections:organizations.${name}.url`, engine.sandbox.url);
  }
  stack.env = {};
  return stack;
}

/** Runs a command in the stack's folder, where its `pulumi` finds its state. */
async function run(stack: Stack, ...args: string[]) {
  const env = isolatedEnv({
    home: path.join(stack.folder, "home"),
    backendDir: path.join(stack.folder, "backend"),
    binDir: process.env["PULUMI_TEST_BIN"] ?? "",
  });
  return runCommand(args, { env, cwd: stack.folder });
}

describe("a stack's own keys and state", () => {
  it("inventory tells what a single resource and a set manage, and who manages nothing", async () => {
    const [hub, security] = ["observability", "security"].map(engine.id);
    const stack = await configured(`
      new OrgConnection("to-hub", { source: "payments", sinkOrgId: "${hub}", connectionTypes: ["logs"] });
      new OrgConnectionSet("all", { source: "checkout", connections: {
        "${hub}": ["metrics"], "${security}": ["audit"] } });`);
    await stack.mustUp();
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    const { code, stdout, stderr } = await run(
      stack,
      "inventory",
      "--stack",
      "dev",
      "--fail-on",
      "unmanaged",
    );
    expect([code, stderr]).toEqual([6, ""]);
    const lines = stdout
      .split("\n")
      .map((line) => line.replace(/ {2,}/g, " | ").replace(/ \| [^|]{36}$/, ""));
    expect(lines.slice(1, 5)).toEqual([
      "Acme Checkout | Acme Observability | metrics | 0 | Pulumi (Acme Checkout) | engine-test/dev: all",
      "Acme Checkout | Acme Security | audit | 0 | Pulumi (Acme Checkout) | engine-test/dev: all",
      "Acme Payments | Acme Observability | logs | 0 | Pulumi (Acme Payments) | engine-test/dev: to-hub",
      "Acme Payments | Acme Search | logs | 0 | Pulumi (Acme Payments) | none",
    ]);
    expect(stdout).not.toContain("sandbox-");
  });

  it("inventory of keys that belong to another organization than the configured id: not checked", async () => {
    const stack = await configured("");
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    await stack.config("--path", "datadog-org-connections:organizations.payments.id", engine.id("security"));
    const { code, stdout } = await run(stack, "inventory", "--stack", "dev");
    expect(code).toBe(7);
    expect(stdout).toMatch(
      /NOT CHECKED: payments: .* belong to organization aaaaaaaa-0003-\S+, not to aaaaaaaa-0002-/,
    );
  });

  it("doctor: a configured id of another organization is the cause that is named", async () => {
    const stack = await configured("");
    await stack.config("--path", "datadog-org-connections:organizations.payments.id", engine.id("checkout"));
    const { code, stdout } = await run(stack, "doctor", "--stack", "dev");
    expect(code).toBe(6);
    expect(stdout.match(/^ {2}problem .*$/gm)).toEqual([
      expect.stringMatching(
        /^ {2}problem {2}organization +The keys belong to Acme Payments \(aaaaaaaa-0003-\S+\), and not to the configured `id` aaaaaaaa-0004-/,
      ),
    ]);
    expect(stdout).toMatch(/ok +cli +pulumi 3\./);
    expect(stdout).toMatch(/ok +package +pulumi-datadog-org-connections /);
    expect(engine.sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("doctor: a plain application key beside a secret is a problem, and is not repeated", async () => {
    const stack = await configured("");
    const clean = await run(stack, "doctor", "--stack", "dev", "--json");
    expect(clean.code).toBe(0);
    expect(clean.stdout).toContain("Pulumi.dev.yaml holds no key in plain text.");
    const { appKey } = engine.sandbox.organization("checkout");
    const setting = "datadog-org-connections:organizations.checkout.appKey";
    await stack.config("--plaintext", "--path", setting, appKey);
    const { code, stdout } = await run(stack, "doctor", "--stack", "dev");
    expect(code).toBe(6);
    expect(stdout.match(/^ {2}problem .*$/gm)).toEqual([
      expect.stringMatching(
        /^ {2}problem {2}stack +Pulumi\.dev\.yaml holds `[^`]*checkout\.appKey` in plain text\./,
      ),
    ]);
    expect(stdout).toContain(`pulumi config set --secret --path '${setting}' --stack dev`);
    expect(stdout).not.toContain(appKey);
  });

  it("an unknown stack is a failure that says what pulumi says", async () => {
    const stack = await configured("");
    const { code, stderr } = await run(stack, "inventory", "--stack", "prod");
    expect(code).toBe(1);
    expect(stderr).toMatch(/`pulumi config --json --show-secrets --stack prod` failed: .*prod/);
    const doctor = await run(stack, "doctor", "--stack", "prod");
    expect(doctor.code).toBe(6);
    expect(doctor.stdout).toMatch(/problem {2}stack +`pulumi config .* failed: .*prod/);
    expect(doctor.stdout).toMatch(/problem {2}keys +No keys for the default organization\. Next: Set /);
  });
});
