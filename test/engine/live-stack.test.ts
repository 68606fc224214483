import path from "node:path";
import { describe, expect, it } from "vitest";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { runCommand } from "../cli/run-command.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

/** Creates a stack with the keys of "payments" and "checkout" as secrets in its configuration. */
async function createConfiguredStack(program: string): Promise<Stack> {
  const stack = engine.createStack(program);
  for (const name of ["payments", "checkout"]) {
    const { apiKey, appKey } = engine.sandbox.getOrganization(name);
    for (const [field, value] of Object.entries({ apiKey, appKey })) {
      await stack.setConfig(
        "--secret",
        "--path",
        `datadog-org-connections:organizations.${name}.${field}`,
        value,
      );
    }
    await stack.setConfig("--path", `datadog-org-connections:organizations.${name}.url`, engine.sandbox.url);
  }
  stack.env = {};
  return stack;
}

/** Runs a command in the stack's folder, where `pulumi` finds its state. */
async function runInStack(stack: Stack, ...args: string[]) {
  const env = createIsolatedEnv({
    home: path.join(stack.folder, "home"),
    backendDir: path.join(stack.folder, "backend"),
    binDir: process.env["PULUMI_TEST_BIN"] ?? "",
  });
  return runCommand(args, { env, cwd: stack.folder });
}

describe("the credentials and state of a stack", () => {
  it("inventory lists what a single resource and a set manage, and unmanaged connections", async () => {
    const [hub, security] = ["observability", "security"].map(engine.getOrgId);
    const stack = await createConfiguredStack(`
      new OrgConnection("to-hub", { source: "payments", sinkOrgId: "${hub}", connectionTypes: ["logs"] });
      new OrgConnectionSet("all", { source: "checkout", connections: {
        "${hub}": ["metrics"], "${security}": ["audit"] } });`);
    await stack.expectUp();
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    const { code, stdout, stderr } = await runInStack(
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

  it("inventory with keys of another organization than the configured id: not checked", async () => {
    const stack = await createConfiguredStack("");
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    await stack.setConfig(
      "--path",
      "datadog-org-connections:organizations.payments.id",
      engine.getOrgId("security"),
    );
    const { code, stdout } = await runInStack(stack, "inventory", "--stack", "dev");
    expect(code).toBe(7);
    expect(stdout).toMatch(
      /NOT CHECKED: payments: .* belong to organization aaaaaaaa-0003-\S+, not to aaaaaaaa-0002-/,
    );
  });

  it("doctor reports a configured id of another organization as the cause", async () => {
    const stack = await createConfiguredStack("");
    await stack.setConfig(
      "--path",
      "datadog-org-connections:organizations.payments.id",
      engine.getOrgId("checkout"),
    );
    const { code, stdout } = await runInStack(stack, "doctor", "--stack", "dev");
    expect(code).toBe(6);
    expect(stdout.match(/^ {2}problem .*$/gm)).toEqual([
      expect.stringMatching(
        /^ {2}problem {2}organization +The credentials belong to Acme Payments \(aaaaaaaa-0003-\S+\), not to the configured `id` aaaaaaaa-0004-/,
      ),
    ]);
    expect(stdout).toMatch(/ok +cli +pulumi 3\./);
    expect(stdout).toMatch(/ok +package +pulumi-datadog-org-connections /);
    expect(engine.sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("doctor reports a plain-text application key next to a secret, without repeating it", async () => {
    const stack = await createConfiguredStack("");
    const clean = await runInStack(stack, "doctor", "--stack", "dev", "--format", "json");
    expect(clean.code).toBe(0);
    expect(clean.stdout).toContain("Pulumi.dev.yaml contains no key or token in plain text.");
    const { appKey } = engine.sandbox.getOrganization("checkout");
    const setting = "datadog-org-connections:organizations.checkout.appKey";
    await stack.setConfig("--plaintext", "--path", setting, appKey);
    const { code, stdout } = await runInStack(stack, "doctor", "--stack", "dev");
    expect(code).toBe(6);
    expect(stdout.match(/^ {2}problem .*$/gm)).toEqual([
      expect.stringMatching(
        /^ {2}problem {2}stack +Pulumi\.dev\.yaml contains `[^`]*checkout\.appKey` in plain text\./,
      ),
    ]);
    expect(stdout).toContain(`pulumi config set --secret --path '${setting}' --stack 'dev'`);
    expect(stdout).not.toContain(appKey);
  });

  it("a misspelled setting is an error of inventory, and a problem for doctor", async () => {
    const stack = await createConfiguredStack("");
    await stack.setConfig("datadog-org-connections:maxInflight", "3");
    const message = /`datadog-org-connections:maxInflight`, which is not a setting .*maxConcurrent/;
    const inventory = await runInStack(stack, "inventory", "--stack", "dev");
    expect([inventory.code, inventory.stdout]).toEqual([1, ""]);
    expect(inventory.stderr).toMatch(message);
    const doctor = await runInStack(stack, "doctor", "--stack", "dev");
    expect(doctor.code).toBe(6);
    expect(doctor.stdout).toMatch(new RegExp(`problem {2}stack +.*${message.source}`));
    expect(doctor.stdout).toMatch(/ok +stack +Pulumi\.dev\.yaml contains no key or token in plain text/);
  });

  it("doctor reports that an identity in the configuration needs the id of the organization", async () => {
    const stack = engine.createStack("");
    stack.env = {};
    await stack.setConfig("--path", "datadog-org-connections:identity.type", "github");
    const { code, stdout } = await runInStack(stack, "doctor", "--stack", "dev");
    expect(code).toBe(6);
    expect(stdout).toMatch(/problem {2}credentials +The id of the default organization is not set, but its /);
  });

  it("an unknown stack fails with the message of pulumi", async () => {
    const stack = await createConfiguredStack("");
    const { code, stderr } = await runInStack(stack, "inventory", "--stack", "prod");
    expect(code).toBe(1);
    expect(stderr).toMatch(/`pulumi config --json --show-secrets --stack prod` failed: .*prod/);
    const doctor = await runInStack(stack, "doctor", "--stack", "prod");
    expect(doctor.code).toBe(6);
    expect(doctor.stdout).toMatch(/problem {2}stack +`pulumi config .* failed: .*prod/);
    expect(doctor.stdout).toMatch(
      /problem {2}credentials +No credentials are set for the default organization\. Next: Set /,
    );
  });
});
