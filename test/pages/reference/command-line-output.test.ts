/** Runs the commands of docs/reference/command-line.md that need no stack, and compares their output with the page. */
import { expect, test } from "vitest";
import { createEnv } from "../../cli/live-env.js";
import { useSandbox } from "../../sandbox/harness.js";
import { SINGLE_TYPE } from "../../../core/src/host/type-tokens.js";
import { usePage } from "../page.js";
import { useShells, type Shell } from "../shell.js";

const { takeBlock } = usePage(
  "docs/reference/command-line.md",
  "datadog-org-connections inventory",
  "datadog-org-connections discover",
  "datadog-org-connections doctor",
);
const { createShell } = useShells();

let daysAgo = 0;
const sandbox = useSandbox({ now: () => new Date(Date.now() - daysAgo * 86_400_000) });

/** Connects two organizations, as if it had happened some days ago. */
function connect(source: string, sink: string, connectionTypes: string[], age = 0): string {
  daysAgo = age;
  const id = sandbox().connect({ source, sink, connectionTypes });
  daysAgo = 0;
  return id;
}

/** A project called `acme`, in a shell with the credentials of organizations. */
const createAcme = (organizations: string[], files: Record<string, string> = {}): Shell =>
  createShell(
    { "Pulumi.yaml": "name: acme\nruntime: nodejs\n", ...files },
    createEnv(sandbox(), organizations),
  );

/** Replaces what is different in each run: the ids of connections, the place of the project, the port, times and versions. */
const replaceChangingParts = (text: string, folder: string): string =>
  text
    .replaceAll(folder, "/home/ann/acme")
    .replace(/\b(?!aaaaaaaa-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "ID")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:8226")
    .replace(/\(\d+ ms\)/g, "(14 ms)")
    .replace(/ \d+\.\d+\.\d+(?=[ .])/g, " VERSION");

/** Runs the command below a heading, and expects the output that the page shows. */
async function expectOutputOfPage(shell: Shell, heading: string, code: number): Promise<void> {
  const { output } = await shell.run(takeBlock(heading, "sh"), { codes: [code] });
  const { folder } = shell.project;
  expect(replaceChangingParts(output, folder)).toBe(replaceChangingParts(takeBlock(heading, "text"), folder));
}

test("inventory prints the output of the page", async () => {
  connect("checkout", "observability", ["logs"], 212);
  const id = connect("payments", "observability", ["logs", "metrics"], 31);
  sandbox().setPermissions("checkout", []);
  const resource = { urn: `urn:pulumi:dev::acme::${SINGLE_TYPE}::to-hub`, type: SINGLE_TYPE, id };
  const state = JSON.stringify({ version: 3, deployment: { resources: [resource] } });
  const shell = createAcme(["observability", "payments", "checkout"], { "state.json": state });
  await expectOutputOfPage(shell, "datadog-org-connections inventory", 7);
});

test("discover prints the output of the page, and writes the program of the page", async () => {
  connect("payments", "observability", ["logs", "metrics"]);
  connect("payments", "security", ["audit"]);
  connect("search", "observability", ["logs"]);
  connect("checkout", "observability", ["logs"]);
  const shell = createAcme(["observability", "payments", "search"]);
  await expectOutputOfPage(shell, "datadog-org-connections discover", 0);
  const [comment, program] = shell.project.readFile("index.ts").split(/\n\n([^]*)/);
  expect(comment).toMatch(/^(?:\/\/.*(?:\n|$))+$/);
  expect(program).toBe(takeBlock("datadog-org-connections discover", "ts"));
});

test("doctor prints the output of the page", async () => {
  sandbox().setPermissions("checkout", ["org_connections_write", "org_app_keys_read"]);
  await expectOutputOfPage(createAcme(["checkout"]), "datadog-org-connections doctor", 6);
});
