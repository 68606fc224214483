import { describe, expect, it } from "vitest";
import { runCommand } from "../cli/run-command.js";
import { envOf } from "../cli/live-env.js";
import { expectGolden, previewed, saveState } from "../cli/commands/review/report.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();
const STATE = ["--state", "state.json"];

const types = (sinks: Record<string, string>) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(sinks).map(([sink, list]) => [engine.id(sink), list.split(", ")])),
  );
/** A set whose connections are a secret, as its state is then. */
const secretSet = (sinks: Record<string, string>) =>
  `new OrgConnectionSet("secret-set", { connections: pulumi.secret(${types(sinks)}) });`;
const secretSink = (sink: string) =>
  `new OrgConnection("secret-sink", { sinkOrgId: pulumi.secret("${engine.id(sink)}"), connectionTypes: ["logs"] });`;
/** A set of which the state tells no connection at all. */
const hiddenSet = (sinks: Record<string, string>, args = "") =>
  `new OrgConnectionSet("hidden-set", { connections: ${types(sinks)}, ${args} }, { additionalSecretOutputs: ["members", "connections"] });`;

const SET = { observability: "logs, metrics", search: "audit" };
const EVERYTHING = () => `${secretSet(SET)}${secretSink("security")}${hiddenSet({ checkout: "logs" })}`;

async function upWithEverything(): Promise<Stack> {
  const stack = engine.stack(EVERYTHING());
  await stack.mustUp();
  expect(engine.live()).toHaveLength(4);
  await saveState(stack);
  return stack;
}

interface Json {
  isWhole: boolean;
  changes: { kind: string; resource: string; sentence: string; connectionId?: string }[];
  unreadable: { resource: string; form: string; urn: string }[];
}

describe("review of resources whose state is a secret", () => {
  it("names every member that ends, and says of the rest that it cannot be read and may stop", async () => {
    const stack = await upWithEverything();
    stack.program("");
    const reviewed = await previewed(stack);
    for (const args of [[], STATE]) {
      const { code, stdout } = await reviewed(...args);
      expect(code).toBe(4);
      for (const name of ["Acme Observability", "Acme Search", "Acme Security"]) {
        expect(stdout).toMatch(new RegExp(`^- ⛔ \\*\\*Acme Payments → ${name}\\*\\* stops sharing`, "m"));
      }
      expect(stdout).toMatch(/^- ⛔ .*`hidden-set` .*cannot be read, and may stop/m);
      const { changes } = JSON.parse((await reviewed(...args, "--json")).stdout) as Json;
      expect(changes.map(({ kind }) => kind)).toEqual(["delete", "delete", "delete", "delete"]);
      const ids = engine.sandbox.connections().map(({ id }) => id);
      expect(ids.filter((id) => !changes.some(({ connectionId }) => connectionId === id))).toHaveLength(1);
    }
    await expectGolden(await reviewed(...STATE), "unreadable-deleted");
  });

  it("one member less, and another sink: sharing stops or may stop", async () => {
    const stack = await upWithEverything();
    stack.program(
      `${secretSet({ observability: "logs, metrics" })}${secretSink("nofeature")}${hiddenSet({ checkout: "logs, metrics" })}`,
    );
    const reviewed = await previewed(stack);
    for (const args of [[], STATE]) {
      const { code, stdout } = await reviewed(...args);
      expect(code).toBe(4);
      expect(stdout).not.toContain("no sharing stops");
      expect(stdout).toMatch(/^- ⛔ \*\*Acme Payments → Acme Search\*\* shares .*resource|set `secret-set`/m);
      expect(stdout).toMatch(/^- ⛔ \*\*Acme Payments → Acme Security\*\* stops sharing `logs`/m);
      expect(stdout).toMatch(/^- ⛔ .*`hidden-set` .*cannot be read, and may stop/m);
    }
    await expectGolden(await reviewed(...STATE), "unreadable-changed");
  });

  it("where nothing changes there is no change; what was not read is named, and the picture is not whole", async () => {
    const stack = await upWithEverything();
    const reviewed = await previewed(stack, "--show-sames");
    for (const args of [[], STATE]) {
      const { code, stdout } = await reviewed(...args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/NOT READ:\*\* `hidden-set`/);
      const json = JSON.parse((await reviewed(...args, "--json")).stdout) as Json;
      expect(json.isWhole).toBe(false);
      expect(json.unreadable).toMatchObject([{ resource: "hidden-set", form: "set" }]);
    }
  });

  it("a new one shares what cannot be read with whom cannot be read", async () => {
    const stack = engine.stack(EVERYTHING());
    const { code, stdout } = await (await previewed(stack))("--json");
    expect(code).toBe(3);
    const { changes } = JSON.parse(stdout) as Json;
    expect(changes.map(({ kind, resource }) => `${kind} ${resource}`).toSorted()).toEqual([
      "create hidden-set",
      "create secret-set",
      "create secret-sink",
    ]);
  });
});

describe("what stacks manage, where it cannot be read", () => {
  const env = () => envOf(engine.sandbox, ["payments"]);
  const run = (stack: Stack, ...args: string[]) => runCommand(args, { env: env(), cwd: stack.folder });

  it.each(["table", "csv", "json", "markdown"])("inventory --format %s: a hole, exit 7", async (format) => {
    const stack = await upWithEverything();
    const { code, stdout, stderr } = await run(stack, "inventory", ...STATE, "--format", format);
    expect(code).toBe(7);
    expect(`${stdout}${stderr}`).toMatch(/NOT READ:?(\*\*)? .*engine-test\/dev: hidden-set.*unmanaged/);
    // Of the others the state tells the ids.
    expect(stdout.match(/dev: secret-set|"resource": "secret-set"/g)).toHaveLength(2);
    expect(stdout).toContain("secret-sink");
    if (format === "json") {
      expect(JSON.parse(stdout)).toMatchObject({
        complete: false,
        unreadable: [{ stack: "engine-test/dev", resource: "hidden-set" }],
      });
    }
    if (format === "csv") expect(stdout).toMatch(/^not read,.*engine-test\/dev: hidden-set/m);
    // A finding stands, and the hole with it.
    const failed = await run(stack, "inventory", ...STATE, "--fail-on", "unmanaged", "--format", format);
    expect(failed.code).toBe(6);
    expect(`${failed.stdout}${failed.stderr}`).toContain("NOT READ");
    const missing = await run(stack, "inventory", ...STATE, "--fail-on", "missing", "--format", format);
    expect(missing.code).toBe(7);
  });

  it("map tells it, and what it can read it draws", async () => {
    const stack = await upWithEverything();
    for (const args of [[], ["--live"]]) {
      const { code, stdout, stderr } = await run(stack, "map", ...STATE, "--format", "json", ...args);
      expect([code, stderr]).toEqual([
        7,
        expect.stringMatching(/^NOT READ: engine-test\/dev: hidden-set.*\n$/),
      ]);
      const { connections } = JSON.parse(stdout) as { connections: { id: string; sinkOrgId: string }[] };
      expect(connections).toHaveLength(args.length === 0 ? 3 : 4);
    }
    const mermaid = await run(stack, "map", ...STATE, "--format", "mermaid");
    expect(mermaid.stdout).toContain("not read");
    expect(mermaid.stdout).not.toContain("chosen by Datadog");
  });

  it("discover says that what it writes may be managed already", async () => {
    const stack = await upWithEverything();
    const home = {
      ...env(),
      ...Object.fromEntries(
        Object.entries(stack.environment()).filter(([name]) => /^(PATH|PULUMI_)/.test(name)),
      ),
    };
    const { code, stdout, stderr } = await runCommand(
      ["discover", "--stack", "dev", "--source", "payments"],
      {
        env: home,
        cwd: stack.folder,
      },
    );
    expect(code).toBe(7);
    expect(stderr).toMatch(/NOT READ: engine-test\/dev: hidden-set/);
    expect(stdout).toContain("NOT READ: engine-test/dev: hidden-set");
    // What a secret set and a single with a secret sink manage is left out.
    for (const name of ["acme-observability", "acme-search", "acme-security"])
      expect(stdout).not.toContain(`to-${name}"`);
  });
});
