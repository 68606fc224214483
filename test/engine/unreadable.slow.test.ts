import { describe, expect, it } from "vitest";
import { runCommand } from "../cli/run-command.js";
import { createEnv } from "../cli/live-env.js";
import { expectGolden, previewStack, saveState } from "../cli/commands/review/report.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();
const STATE = ["--state", "state.json"];

const formatConnections = (sinks: Record<string, string>) =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(sinks).map(([sink, list]) => [engine.getOrgId(sink), list.split(", ")]),
    ),
  );
/** Declares a set with secret connections, which are then secret in the state too. */
const declareSecretSet = (sinks: Record<string, string>) =>
  `new OrgConnectionSet("secret-set", { connections: pulumi.secret(${formatConnections(sinks)}) });`;
const declareSecretSink = (sink: string) =>
  `new OrgConnection("secret-sink", { sinkOrgId: pulumi.secret("${engine.getOrgId(sink)}"), connectionTypes: ["logs"] });`;
/** Declares a set whose state hides all connections. */
const declareHiddenSet = (sinks: Record<string, string>, args = "") =>
  `new OrgConnectionSet("hidden-set", { connections: ${formatConnections(sinks)}, ${args} }, { additionalSecretOutputs: ["members", "connections"] });`;

const SET = { observability: "logs, metrics", search: "audit" };
const declareEverything = () =>
  `${declareSecretSet(SET)}${declareSecretSink("security")}${declareHiddenSet({ checkout: "logs" })}`;

async function upEverything(): Promise<Stack> {
  const stack = engine.createStack(declareEverything());
  await stack.expectUp();
  expect(engine.listLive()).toHaveLength(4);
  await saveState(stack);
  return stack;
}

interface Json {
  complete: boolean;
  changes: { kind: string; resource: string; sentence: string; connectionId?: string }[];
  unreadable: { resource: string; form: string; address: string }[];
}

describe("review of resources whose state is a secret", () => {
  it("names every deleted member, and reports that the rest cannot be read and may stop", async () => {
    const stack = await upEverything();
    stack.writeProgram("");
    const reviewed = await previewStack(stack);
    for (const args of [[], STATE]) {
      const { code, stdout } = await reviewed(...args);
      expect(code).toBe(4);
      for (const name of ["Acme Observability", "Acme Search", "Acme Security"]) {
        expect(stdout).toMatch(new RegExp(`^- ⛔ \\*\\*Acme Payments → ${name}\\*\\* stops sharing`, "m"));
      }
      expect(stdout).toMatch(/^- ⛔ .*`hidden-set` .*cannot be read and may stop being shared/m);
      const { changes } = JSON.parse((await reviewed(...args, "--format", "json")).stdout) as Json;
      expect(changes.map(({ kind }) => kind)).toEqual(["delete", "delete", "delete", "delete"]);
      const ids = engine.sandbox.listConnections().map(({ id }) => id);
      expect(ids.filter((id) => !changes.some(({ connectionId }) => connectionId === id))).toHaveLength(1);
    }
    await expectGolden(await reviewed(...STATE), "unreadable-deleted");
  });

  it("a removed member and a changed destination: sharing stops or may stop", async () => {
    const stack = await upEverything();
    stack.writeProgram(
      `${declareSecretSet({ observability: "logs, metrics" })}${declareSecretSink("nofeature")}${declareHiddenSet({ checkout: "logs, metrics" })}`,
    );
    const reviewed = await previewStack(stack);
    for (const args of [[], STATE]) {
      const { code, stdout } = await reviewed(...args);
      expect(code).toBe(4);
      expect(stdout).not.toContain("no data stops being shared");
      expect(stdout).toMatch(
        /^- ⛔ \*\*Acme Payments → Acme Search\*\* currently shares .*resource|connection set `secret-set`/m,
      );
      expect(stdout).toMatch(/^- ⛔ \*\*Acme Payments → Acme Security\*\* stops sharing `logs`/m);
      expect(stdout).toMatch(/^- ⛔ .*`hidden-set` .*cannot be read and may stop being shared/m);
    }
    await expectGolden(await reviewed(...STATE), "unreadable-changed");
  });

  it("without changes, lists what could not be read, and the report is incomplete", async () => {
    const stack = await upEverything();
    const reviewed = await previewStack(stack, "--show-sames");
    for (const args of [[], STATE]) {
      const { code, stdout } = await reviewed(...args);
      // Without a state, a digest does not show leftovers.
      expect(code).toBe(args === STATE ? 0 : 7);
      expect(stdout).toMatch(/NOT READ:\*\* `hidden-set`/);
      const json = JSON.parse((await reviewed(...args, "--format", "json")).stdout) as Json;
      expect(json.complete).toBe(false);
      expect(json.unreadable).toMatchObject([{ resource: "hidden-set", form: "set" }]);
    }
  });

  it("a new resource may share unreadable data with an unreadable destination", async () => {
    const stack = engine.createStack(declareEverything());
    const { code, stdout } = await (await previewStack(stack))("--format", "json");
    expect(code).toBe(3);
    const { changes } = JSON.parse(stdout) as Json;
    expect(changes.map(({ kind, resource }) => `${kind} ${resource}`).toSorted()).toEqual([
      "create hidden-set",
      "create secret-set",
      "create secret-sink",
    ]);
  });
});

describe("commands with unreadable managed connections", () => {
  const getEnv = () => createEnv(engine.sandbox, ["payments"]);
  const runInStack = (stack: Stack, ...args: string[]) =>
    runCommand(args, { env: getEnv(), cwd: stack.folder });

  it.each(["table", "csv", "json", "markdown"])(
    "inventory --format %s: incomplete, exit 7",
    async (format) => {
      const stack = await upEverything();
      const { code, stdout, stderr } = await runInStack(stack, "inventory", ...STATE, "--format", format);
      expect(code).toBe(7);
      expect(`${stdout}${stderr}`).toMatch(/NOT READ:?(\*\*)? .*engine-test\/dev: hidden-set.*unmanaged/);
      // The state shows the ids of the other ones.
      expect(stdout.match(/dev: secret-set|"resource": "secret-set"/g)).toHaveLength(2);
      expect(stdout).toContain("secret-sink");
      if (format === "json") {
        expect(JSON.parse(stdout)).toMatchObject({
          complete: false,
          unreadable: [{ location: "engine-test/dev", resource: "hidden-set" }],
        });
      }
      if (format === "csv") expect(stdout).toMatch(/^not read,.*engine-test\/dev: hidden-set/m);
      // A finding is reported together with the unreadable resource.
      const failed = await runInStack(
        stack,
        "inventory",
        ...STATE,
        "--fail-on",
        "unmanaged",
        "--format",
        format,
      );
      expect(failed.code).toBe(6);
      expect(`${failed.stdout}${failed.stderr}`).toContain("NOT READ");
      const missing = await runInStack(
        stack,
        "inventory",
        ...STATE,
        "--fail-on",
        "missing",
        "--format",
        format,
      );
      expect(missing.code).toBe(7);
    },
  );

  it("map reports it, and draws what it can read", async () => {
    const stack = await upEverything();
    for (const args of [[], ["--live"]]) {
      const { code, stdout, stderr } = await runInStack(stack, "map", ...STATE, "--format", "json", ...args);
      expect([code, stderr]).toEqual([
        7,
        expect.stringMatching(/^NOT READ: engine-test\/dev: hidden-set.*\n$/),
      ]);
      const { connections } = JSON.parse(stdout) as { connections: { id: string; sinkOrgId: string }[] };
      expect(connections).toHaveLength(args.length === 0 ? 3 : 4);
    }
    const mermaid = await runInStack(stack, "map", ...STATE, "--format", "mermaid");
    expect(mermaid.stdout).toContain("unknown types");
    expect(mermaid.stdout).not.toContain("chosen by Datadog");
  });

  it("discover reports that its connections may already be managed", async () => {
    const stack = await upEverything();
    const home = {
      ...getEnv(),
      ...Object.fromEntries(
        Object.entries(stack.getEnvironment()).filter(([name]) => /^(PATH|PULUMI_)/.test(name)),
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
    // Connections of a secret set and of a resource with a secret destination are left out.
    for (const name of ["acme-observability", "acme-search", "acme-security"])
      expect(stdout).not.toContain(`to-${name}"`);
  });
});
