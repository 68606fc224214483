/** The commands that read a stack by the real CLI: its credentials, its settings and its state. */
import { expect, it } from "vitest";
import type { Topology } from "../../cli/src/topology/topology.js";
import { runCommand } from "../cli/run-command.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

/** Creates a stack of a connection and a set, with the keys of "payments" and "checkout" as secrets in its configuration. */
async function createConfiguredStack(): Promise<Stack> {
  const stack = engine.createStack([
    engine.declare("to-hub", "observability", { source: "payments", connectionTypes: ["logs"] }),
    engine.declareSet("all", { observability: "metrics", security: "audit" }, { source: "checkout" }),
  ]);
  await stack.useConfiguredKeys("payments", "checkout");
  return stack;
}

/** Runs a command in the stack's folder, where `pulumi` finds its state. */
const runInStack = (stack: Stack, ...args: string[]) =>
  runCommand(args, { env: stack.getEnvironment(), cwd: stack.folder });

it("inventory and map show what a single resource and a set manage, and unmanaged connections", async () => {
  const stack = await createConfiguredStack();
  await stack.expectUp();
  engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
  const inventory = await runInStack(stack, "inventory", "--stack", "dev", "--fail-on", "unmanaged");
  expect([inventory.code, inventory.stderr]).toEqual([6, ""]);
  const lines = inventory.stdout
    .split("\n")
    .map((line) => line.replace(/ {2,}/g, " | ").replace(/ \| [^|]{36}$/, ""));
  expect(lines.slice(1, 5)).toEqual([
    "Acme Checkout | Acme Observability | metrics | 0 | Pulumi (Acme Checkout) | engine-test/dev: all",
    "Acme Checkout | Acme Security | audit | 0 | Pulumi (Acme Checkout) | engine-test/dev: all",
    "Acme Payments | Acme Observability | logs | 0 | Pulumi (Acme Payments) | engine-test/dev: to-hub",
    "Acme Payments | Acme Search | logs | 0 | Pulumi (Acme Payments) | none",
  ]);
  expect(inventory.stdout).not.toContain("sandbox-");

  const listManagers = async (...args: string[]) => {
    const map = await runInStack(stack, "map", "--stack", "dev", "--format", "json", ...args);
    expect([map.code, map.stderr]).toEqual([0, ""]);
    return (JSON.parse(map.stdout) as Topology).connections.map(({ managedBy = [] }) => managedBy.join());
  };
  const managed = ["engine-test/dev", "engine-test/dev", "engine-test/dev"];
  expect(await listManagers()).toEqual(managed);
  expect((await listManagers("--live")).sort()).toEqual(["", ...managed]);
});

it("doctor finds the CLI, the package, and a plain-text key next to a secret, which it does not repeat", async () => {
  const stack = await createConfiguredStack();
  const clean = await runInStack(stack, "doctor", "--stack", "dev");
  expect(clean.code).toBe(0);
  expect(clean.stdout).toMatch(/ok +cli +pulumi 3\./);
  expect(clean.stdout).toMatch(/ok +package +pulumi-datadog-org-connections /);
  expect(clean.stdout).toMatch(/ok +stack +Pulumi\.dev\.yaml contains no key or token in plain text/);
  const { appKey } = engine.sandbox.getOrganization("checkout");
  const setting = "datadog-org-connections:organizations.checkout.appKey";
  await stack.setConfig("--plaintext", "--path", setting, appKey);
  const { code, stdout } = await runInStack(stack, "doctor", "--stack", "dev");
  expect(code).toBe(6);
  expect(stdout.match(/^ {2}problem .*$/gm)).toEqual([
    expect.stringMatching(
      /problem {2}stack +Pulumi\.dev\.yaml contains `[^`]*checkout\.appKey` in plain text\./,
    ),
  ]);
  expect(stdout).toContain(`pulumi config set --secret --path '${setting}' --stack 'dev'`);
  expect(stdout).not.toContain(appKey);
  expect(engine.sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
});

it("a configured id of another organization is a problem for doctor, and not checked by inventory", async () => {
  const stack = await createConfiguredStack();
  engine.sandbox.connect({ source: "payments", sink: "search" });
  const setting = "datadog-org-connections:organizations.payments.id";
  await stack.setConfig("--path", setting, engine.getOrgId("security"));
  const inventory = await runInStack(stack, "inventory", "--stack", "dev");
  expect(inventory.code).toBe(7);
  expect(inventory.stdout).toMatch(
    /NOT CHECKED: payments: .* belong to organization aaaaaaaa-0003-\S+, not to/,
  );
  const doctor = await runInStack(stack, "doctor", "--stack", "dev");
  expect(doctor.code).toBe(6);
  expect(doctor.stdout.match(/^ {2}problem .*$/gm)).toEqual([
    expect.stringMatching(/problem {2}organization +The credentials belong to Acme Payments /),
  ]);
});

it.each(["a misspelled setting", "an unknown stack"])(
  "%s is an error of inventory, and a problem for doctor",
  async (of) => {
    const stack = await createConfiguredStack();
    await stack.setConfig("datadog-org-connections:maxInflight", "3");
    const isUnknown = of === "an unknown stack";
    const message = isUnknown
      ? /`pulumi config .*` failed: .*prod/
      : /`datadog-org-connections:maxInflight`, which is not a setting /;
    const name = isUnknown ? "prod" : "dev";
    const inventory = await runInStack(stack, "inventory", "--stack", name);
    expect([inventory.code, inventory.stdout]).toEqual([1, ""]);
    expect(inventory.stderr).toMatch(message);
    const doctor = await runInStack(stack, "doctor", "--stack", name);
    expect(doctor.code).toBe(6);
    expect(doctor.stdout).toMatch(new RegExp(`problem {2}stack +.*${message.source}`));
  },
);
