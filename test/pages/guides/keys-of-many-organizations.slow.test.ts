/** Runs every command of docs/guides/keys-of-many-organizations.md, and stacks with its settings. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { createSeed, type SandboxSeed } from "../../../sandbox/src/index.js";
import { toVariableSuffix } from "../../../core/src/credentials/setting-names.js";
import { useEngine, type Stack } from "../../engine/stack.js";
import { ROOT } from "../../tree.js";
import { listBlocks } from "../blocks.js";
import { usePage } from "../page.js";

const { takeBlock, takeBlocks } = usePage("docs/guides/keys-of-many-organizations.md");
const KEY = "datadog-org-connections:organizations";
/** Half of the names have dots. */
const NAMES = Array.from({ length: 40 }, (_, index) => `team${index % 2 === 0 ? "." : "-"}${index + 1}`);

/** Runs commands of the guide in the folder of a stack. The editor writes `edited` into its file. */
async function runCommands(
  stack: Stack,
  commands: string,
  { edited = "", env = {} }: { edited?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const temp = path.join(stack.folder, "temp");
  mkdirSync(temp, { recursive: true });
  writeFileSync(path.join(stack.folder, "edited"), edited);
  writeFileSync(
    path.join(stack.folder, "editor"),
    `#!/bin/sh\nls -l "$1" | cut -c 1-10 > modes\ncat edited > "$1"\n`,
    { mode: 0o755 },
  );
  const { stdout, stderr } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", commands], {
    cwd: stack.folder,
    env: { ...stack.getEnvironment(), EDITOR: "./editor", TMPDIR: temp, STACK: "dev", ...env },
  });
  const left = readdirSync(temp).filter((file) => file.startsWith("tmp."));
  expect(left, "files of mktemp").toEqual([]);
  return `${stdout}${stderr}`;
}

/** Declares a connection of each organization. */
const declareAll = (names: readonly string[], sinkOrgId: string): string =>
  `for (const source of ${JSON.stringify(names)})
  new OrgConnection(source, { source, sinkOrgId: ${JSON.stringify(sinkOrgId)}, connectionTypes: ["logs"] });`;

describe("forty organizations", () => {
  const engine = useEngine({ seed: createSeed({ sources: NAMES.length }) });
  const getOrganization = (name: string) =>
    engine.sandbox.getOrganization(`source-${NAMES.indexOf(name) + 1}`);
  const getKeys = (name: string) => {
    const { apiKey, appKey } = getOrganization(name);
    return { apiKey, appKey };
  };
  const createJson = (create: (name: string) => object) =>
    JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, create(name)])), undefined, 2);
  const createSettings = () => createJson((name) => ({ id: getOrganization(name).id, ...getKeys(name) }));

  /** Creates a stack without credentials in its environment. */
  async function createStack({ hasAddress }: { hasAddress: boolean }): Promise<Stack> {
    const stack = engine.createStack(declareAll(NAMES, engine.getOrgId("observability")));
    stack.env = {};
    // Keys in the configuration are only sent to an address in the configuration.
    if (hasAddress) await stack.setConfig("datadog-org-connections:url", engine.sandbox.url);
    else await stack.runPulumi(["stack", "select", "dev"]);
    return stack;
  }

  function expectAllCreated(): void {
    const live = engine.sandbox.listConnections().map(({ sourceOrgId }) => sourceOrgId);
    expect(live.toSorted()).toEqual(NAMES.map((name) => getOrganization(name).id).toSorted());
  }

  const readConfig = async (stack: Stack) => {
    const { stdout } = await stack.runPulumi(["config", "get", KEY]);
    return JSON.parse(stdout) as Record<string, Record<string, string>>;
  };
  const readStackFile = (stack: Stack) =>
    (parse(stack.readFile("Pulumi.dev.yaml")) as { config: Record<string, unknown> }).config[KEY];
  const expectNoCredentials = (text: string) => expect(text).not.toMatch(/sandbox-ap[ip]-key/);

  test("as one value of the stack configuration", async () => {
    const stack = await createStack({ hasAddress: true });
    const commands = takeBlock("All organizations as one value", "sh");
    expectNoCredentials(await runCommands(stack, commands, { edited: createSettings() }));
    expect(stack.readFile("modes")).toBe("-rw-------\n");
    expect(readStackFile(stack)).toEqual({ secure: expect.any(String) as string });
    const { output } = await stack.expectUp();
    expectNoCredentials(output);
    expectAllCreated();
  });

  test("as one value for each key, of which one is changed later", async () => {
    const stack = await createStack({ hasAddress: true });
    const [setAll = "", setOne = "", ...others] = takeBlocks("Each key as a value of its own", "sh");
    expect(others).toEqual([]);
    expectNoCredentials(await runCommands(stack, setAll, { edited: createSettings() }));
    expect(readStackFile(stack)).toEqual(
      Object.fromEntries(
        NAMES.map((name) => {
          const secret = { secure: expect.any(String) as string };
          return [name, { id: getOrganization(name).id, apiKey: secret, appKey: secret }];
        }),
      ),
    );
    expect(await readConfig(stack)).toEqual(JSON.parse(createSettings()));
    expectNoCredentials((await stack.expectUp()).output);
    expectAllCreated();

    await runCommands(stack, setOne.replace("acme.eu", "team.1"), { edited: "rotated\n" });
    const { "team.1": changed, ...unchanged } = await readConfig(stack);
    expect(changed?.["apiKey"]).toBe("rotated");
    expect(Object.keys(unchanged)).toHaveLength(NAMES.length - 1);
  });

  test("`set-all --json` does not accept secrets in an object", async () => {
    const stack = await createStack({ hasAddress: false });
    await stack.setConfig("--secret", "--path", `${KEY}.payments.apiKey`, "made-up");
    const { stdout } = await stack.runPulumi(["config", "--json", "--show-secrets"]);
    expect((await stack.runPulumi(["config", "set-all", "--json", stdout])).code).not.toBe(0);
  });

  test("as one JSON secret: only the command of a step gets the keys", async () => {
    const stack = await createStack({ hasAddress: false });
    cpSync(path.join(ROOT, "examples/ci/ci"), path.join(stack.folder, "ci"), { recursive: true });
    const [mask, up, ...others] = parse(takeBlock("One JSON secret", "yaml")) as {
      run: string;
      env: Record<string, string>;
    }[];
    expect(others).toEqual([]);
    const runStep = (step: typeof mask, env: Record<string, string>) => {
      expect(step?.env).toEqual({ ORGANIZATION_KEYS: "${{ secrets.ORGANIZATION_KEYS }}" });
      return runCommands(stack, step?.run ?? "", {
        env: { ...env, ORGANIZATION_KEYS: createJson(getKeys), DD_HOST: engine.sandbox.url },
      });
    };
    const hidden = (await runStep(mask, { GITHUB_ACTIONS: "true" })).match(/(?<=^::add-mask::).*$/gm);
    expect(hidden?.toSorted()).toEqual(NAMES.flatMap((name) => Object.values(getKeys(name))).toSorted());
    const output = await runStep(up, {});
    expectNoCredentials(output);
    expect(output).toMatch(/\+ 41 created/);
    expectAllCreated();
  });
});

/** An environment of Pulumi ESC: the parts that the guide uses. */
interface EscEnvironment {
  values: {
    organizations: Record<string, Record<string, string | { "fn::secret": string }>>;
    pulumiConfig: Record<string, string>;
    environmentVariables: Record<string, string>;
  };
}

/** The environment for Pulumi ESC, which cannot run here, and the JSON object have the same two organizations. */
describe("the examples with two organizations", () => {
  const { values } = parse(takeBlock("Pulumi ESC", "yaml")) as EscEnvironment;
  const names = Object.keys(values.organizations);
  const organizations = Object.fromEntries(
    Object.entries(values.organizations).map(([name, settings]) => [
      name,
      Object.fromEntries(
        Object.entries(settings).map(([setting, value]) => [
          setting,
          typeof value === "string" ? value : value["fn::secret"],
        ]),
      ),
    ]),
  );

  /** Evaluates an expression such as `${organizations["acme.eu"].apiKey}`. */
  function evaluate(expression: string): unknown {
    const [, inner = ""] = /^\$\{organizations(.*)\}$/.exec(expression) ?? expect.fail(expression);
    const parts = [...inner.matchAll(/\.([\w-]+)|\["([^"]+)"\]/g)].map(
      ([, plain, quoted]) => plain ?? quoted,
    );
    return parts.reduce<unknown>(
      (value, part) => (value as Record<string, unknown>)[part ?? ""],
      organizations,
    );
  }

  // The sandbox accepts the made-up keys of the example.
  const seed: SandboxSeed = {
    accounts: [
      {
        name: "Acme",
        organizations: [
          { key: "hub", id: "aaaaaaaa-0001-4000-8000-000000000001", name: "Acme Hub" },
          ...names.map((name) => ({
            key: name,
            id: organizations[name]?.["id"] ?? "",
            name: `Acme ${name}`,
            apiKey: organizations[name]?.["apiKey"],
            appKey: organizations[name]?.["appKey"],
          })),
        ],
      },
    ],
  };
  const engine = useEngine({ seed });
  const createStack = () => engine.createStack(declareAll(names, engine.getOrgId("hub")), { source: "hub" });
  const expectAllCreated = () =>
    expect(engine.listLive()).toEqual(names.map((name) => `${name} → hub: logs`).toSorted());

  test("the JSON object is a valid configuration for a stack, with keys in place of `…`", async () => {
    const json = takeBlock("Encrypted stack configuration", "json");
    const keys = names.flatMap((name) => [organizations[name]?.["apiKey"], organizations[name]?.["appKey"]]);
    expect(json.split("…")).toHaveLength(keys.length + 1);
    const stack = createStack();
    stack.env = {};
    await stack.setConfig("datadog-org-connections:url", engine.sandbox.url);
    const edited = json.replace(/…/g, () => keys.shift() ?? "");
    await runCommands(stack, takeBlock("All organizations as one value", "sh"), { edited });
    await stack.expectUp();
    expectAllCreated();
  });

  test("the environment's names include one with a dot, and each key is a secret", () => {
    expect(names).toEqual(["payments", "acme.eu"]);
    for (const settings of Object.values(values.organizations)) {
      expect(settings["apiKey"]).toEqual({ "fn::secret": expect.any(String) as string });
      expect(settings["appKey"]).toEqual({ "fn::secret": expect.any(String) as string });
    }
  });

  test("the environment's `pulumiConfig` is a valid configuration for a stack", async () => {
    const stack = createStack();
    stack.env = {};
    await stack.setConfig("datadog-org-connections:url", engine.sandbox.url);
    for (const [key, expression] of Object.entries(values.pulumiConfig))
      await stack.setConfig("--secret", key, JSON.stringify(evaluate(expression)));
    await stack.expectUp();
    expectAllCreated();
  });

  test("the environment's `environmentVariables` are valid for a stack", async () => {
    const stack = createStack();
    const variables = Object.entries(values.environmentVariables);
    stack.env = {
      DD_HOST: engine.sandbox.url,
      ...Object.fromEntries(variables.map(([name, expression]) => [name, String(evaluate(expression))])),
    };
    expect(Object.keys(stack.env)).toContain(`DD_API_KEY__${toVariableSuffix("acme.eu")}`);
    await stack.expectUp();
    expectAllCreated();
  });

  test("the commands of ESC exist in the Pulumi CLI", async () => {
    const [block] = listBlocks("docs/guides/keys-of-many-organizations.md").filter(
      ({ heading, language }) => heading === "Pulumi ESC" && language === "sh",
    );
    const lines = block?.code.trim().split("\n") ?? [];
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const [, command = ""] = /^pulumi ((?:config )?env [a-z]+) /.exec(line) ?? [];
      const { output } = await createStack().runPulumi([...command.split(" "), "--help"]);
      expect(output).toContain(`pulumi ${command} `);
    }
  });
});
