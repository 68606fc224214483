/** `discover` with several stacks: each name in the program must be that of one organization. */
import { describe, expect, test } from "vitest";
import { useSandbox } from "../../../sandbox/harness.js";
import { useFolder } from "../../folder.js";
import { runCommand } from "../../run-command.js";

const sandbox = useSandbox();
const folder = useFolder();

/** The settings of an organization in a stack: its credentials, if it has a `key`, and others. */
interface Settings {
  key?: string;
  id?: string;
  apiKey?: string;
  appKey?: string;
}
/** The organization of each name in a stack. The name `(default)` is that of the default organization. */
type Stack = Record<string, string | Settings>;

function createConfig(names: Stack): Record<string, { value: string }> {
  const getCredentials = (key: string) => {
    const { apiKey, appKey } = sandbox().getOrganization(key);
    return { apiKey, appKey };
  };
  const getSettings = (one: string | Settings) => {
    const { key, ...settings } = typeof one === "string" ? { key: one } : one;
    return { url: sandbox().url, ...(key !== undefined && getCredentials(key)), ...settings };
  };
  const { "(default)": ofDefault, ...named } = names;
  const organizations = Object.fromEntries(
    Object.entries(named).map(([name, one]) => [name, getSettings(one)]),
  );
  const values = {
    organizations: JSON.stringify(organizations),
    ...(ofDefault !== undefined && getSettings(ofDefault)),
  };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`datadog-org-connections:${key}`, { value }]),
  );
}

const runDiscover = (stacks: Record<string, Stack>) => {
  sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["logs"] });
  sandbox().connect({ source: "search", sink: "observability", connectionTypes: ["logs"] });
  const outputs: Record<string, unknown> = { stack: { version: 3, deployment: {} } };
  for (const [stack, names] of Object.entries(stacks))
    outputs[`config --stack=${stack}`] = createConfig(names);
  folder.writePulumi(outputs);
  return runCommand(["discover", ...Object.keys(stacks).flatMap((stack) => ["--stack", stack])], {
    env: { PATH: folder.path },
    cwd: folder.path,
  });
};

const [PAYMENTS_ID, SEARCH_ID] = [
  "aaaaaaaa-0003-4000-8000-000000000003",
  "aaaaaaaa-0005-4000-8000-000000000005",
];
const PAYMENTS = `"Acme Payments" (${PAYMENTS_ID})`;
const SEARCH = `"Acme Search" (${SEARCH_ID})`;

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

describe("a name whose organization was checked in one of two stacks", () => {
  test.each<[string, Settings, string, string]>([
    [
      "only a different id in the other",
      { id: SEARCH_ID },
      `The stacks dev, prod configure different organizations as organization "team": ${PAYMENTS} and ${SEARCH_ID}, which was not checked. In one`,
      'only in its stack. Why the second organization was not checked: No credentials are set for organization "team".',
    ],
    [
      "keys that are refused in the other",
      { apiKey: "unknown", appKey: "unknown" },
      `The stacks dev, prod may configure different organizations as organization "team": ${PAYMENTS} and one without a configured \`id\`, which was not checked. In one`,
      "Or, if both are the same organization, set its `id` in each of these stacks. Why the second organization was not checked: Datadog",
    ],
  ])("and that has %s: nothing is written", async (_, settings, start, end) => {
    const { code, stdout, stderr } = await runDiscover({
      dev: { team: "payments" },
      prod: { team: settings },
    });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(start);
    expect(stderr).toContain(end);
  });

  test("and that has the same id in the other is in the program", async () => {
    const stacks = { dev: { team: "payments" }, prod: { team: { id: PAYMENTS_ID } } };
    const { code, stdout, stderr } = await runDiscover(stacks);
    expect(stdout.match(/source: "\w+"/g)).toEqual(['source: "team"']);
    expect([code, stderr]).toEqual([7, expect.stringContaining("NOT CHECKED: team: ")]);
  });

  test("and that has the same id in both is one organization", async () => {
    const dev = { team: { key: "payments", id: PAYMENTS_ID } };
    const { code, stderr } = await runDiscover({ dev, prod: { other: { id: PAYMENTS_ID } } });
    expect(code).toBe(0);
    expect(stderr).not.toContain("NOT CHECKED");
  });
});
