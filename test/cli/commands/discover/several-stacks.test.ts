/** `discover` with several stacks: each name in the program must be that of one organization. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { useSandbox } from "../../../sandbox/harness.js";
import { runCommand } from "../../run-command.js";

const sandbox = useSandbox();
const folder = mkdtempSync(path.join(tmpdir(), "discover-stacks-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The organization of each name in a stack. The name `(default)` is that of the default organization. */
type Stack = Record<string, string>;

/** Creates a `pulumi` that prints the configuration of these stacks, and empty states. */
function createPulumi(stacks: Record<string, Stack>): string {
  const bin = mkdtempSync(path.join(folder, "bin-"));
  const configs = Object.fromEntries(
    Object.entries(stacks).map(([stack, names]) => [`--stack=${stack}`, createConfig(names)]),
  );
  const script =
    `#!${process.execPath}\nconst configs = ${JSON.stringify(configs)};\n` +
    `const [command] = process.argv.slice(2);\n` +
    `const config = configs[process.argv.find((one) => one in configs)];\n` +
    `console.log(JSON.stringify(command === "config" ? config : { version: 3, deployment: {} }));\n`;
  writeFileSync(path.join(bin, "pulumi"), script, { mode: 0o755 });
  return bin;
}

function createConfig(names: Stack): Record<string, { value: string }> {
  const getCredentials = (key: string) => {
    const { apiKey, appKey } = sandbox().getOrganization(key);
    return { apiKey, appKey, url: sandbox().url };
  };
  const { "(default)": defaultKey, ...named } = names;
  const organizations = Object.fromEntries(
    Object.entries(named).map(([name, key]) => [name, getCredentials(key)]),
  );
  const values = {
    organizations: JSON.stringify(organizations),
    ...(defaultKey !== undefined && getCredentials(defaultKey)),
  };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`datadog-org-connections:${key}`, { value }]),
  );
}

const runDiscover = (stacks: Record<string, Stack>) => {
  sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["logs"] });
  sandbox().connect({ source: "search", sink: "observability", connectionTypes: ["logs"] });
  return runCommand(["discover", ...Object.keys(stacks).flatMap((stack) => ["--stack", stack])], {
    env: { PATH: createPulumi(stacks) },
    cwd: folder,
  });
};

const PAYMENTS = '"Acme Payments" (aaaaaaaa-0003-4000-8000-000000000003)';
const SEARCH = '"Acme Search" (aaaaaaaa-0005-4000-8000-000000000005)';

test.each<[string, Record<string, Stack>, string]>([
  [
    "one name",
    { dev: { team: "search" }, prod: { team: "payments" } },
    `organization "team": ${SEARCH} and ${PAYMENTS}`,
  ],
  [
    "the default one",
    { dev: { "(default)": "search" }, prod: { "(default)": "payments" } },
    `the default organization: ${SEARCH} and ${PAYMENTS}`,
  ],
  [
    "the default one, which also has a name in one of them",
    { dev: { "(default)": "search", team: "search" }, prod: { "(default)": "payments" } },
    `the default organization: ${PAYMENTS} and ${SEARCH}`,
  ],
])("two stacks with different organizations as %s: nothing is written", async (_, stacks, text) => {
  const { code, stdout, stderr } = await runDiscover(stacks);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    `The stacks dev, prod configure different organizations as ${text}. In one of these stacks, the program would share the data ` +
      "of the wrong organization. Run this command for each of these stacks separately, and use each program only in its stack.\n",
  );
});

test("two stacks with the same organizations, and one of each of them, are in one program", async () => {
  const { code, stdout } = await runDiscover({
    dev: { team: "payments", "(default)": "observability" },
    prod: { team: "payments", search: "search", "(default)": "observability" },
  });
  expect(code).toBe(0);
  expect(stdout.match(/source: "\w+"/g)).toEqual(['source: "search"', 'source: "team"']);
});
