/** Runs the commands of docs/reference/command-line.md that need an installation or a stack. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { installPackages, packPackages } from "../../../tools/packed-package.mjs";
import { createEnv } from "../../cli/live-env.js";
import { useSandbox } from "../../sandbox/harness.js";
import { listBlocks } from "../blocks.js";
import { usePage } from "../page.js";
import { useShells, type Shell } from "../shell.js";

const { takeBlock } = usePage(
  "docs/reference/command-line.md",
  "The command line",
  "datadog-org-connections review",
  "datadog-org-connections map",
);
const { createShell } = useShells();
const sandbox = useSandbox();

/** The program of docs/reference/resources.md, and the rules of docs/reference/policy.md. */
const [program] = listBlocks("docs/reference/resources.md");
const [policy] = listBlocks("docs/reference/policy.md");

/** Outside of the repository, so that its packages cannot be resolved. */
const place = mkdtempSync(path.join(tmpdir(), "command-line-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

test("npm installs the command line, which npx runs", async () => {
  const { cli, sandbox: sandboxPackage } = await packPackages(path.join(place, "tarballs"));
  await installPackages(path.join(place, "packages"), [cli, sandboxPackage]);
  const [install = "", help = "", ...others] = takeBlock("The command line", "sh").trim().split("\n");
  expect([install, others]).toEqual(["npm install --save-dev datadog-org-connections", []]);
  const shell = createShell();
  // The package is not published, so the packed one is installed instead.
  await shell.run(`cd "${path.join(place, "packages")}"`);
  const { output } = await shell.run(help);
  expect(output).toMatch(/^Usage: datadog-org-connections /);
  expect(output).toContain("inventory");
}, 300_000);

/** Deploys the program of docs/reference/resources.md as the stack `prod` of the project `acme`. */
async function deployAcme(): Promise<Shell> {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  const shell = createShell(
    {
      "Pulumi.yaml": "name: acme\nruntime: nodejs\n",
      "index.ts": program?.code ?? "",
      "policy.json": policy?.code ?? "",
    },
    // The program reads the hub with the default credentials.
    {
      ...createEnv(sandbox(), ["payments"]),
      DD_HOST: sandbox().url,
      DD_API_KEY: apiKey,
      DD_APP_KEY: appKey,
    },
  );
  await shell.run("pulumi stack init prod\npulumi up --yes");
  expect(sandbox().listConnections()).toMatchObject([{ connectionTypes: ["logs", "metrics"] }]);
  return shell;
}

test("the commands of review report what a preview changes, and violations of the policy", async () => {
  const shell = await deployAcme();
  shell.project.writeFile("index.ts", (program?.code ?? "").replace('"metrics"', '"audit"'));
  await shell.run(takeBlock("datadog-org-connections review", "sh"), { codes: [0, 5] });
  const report = shell.project.readFile("review.md");
  expect(report).toContain("stops sharing `metrics`, starts sharing `audit`");
  expect(report).toContain("**Violates `allow`, `protect`.**");
  expect(report).toContain("```mermaid");
}, 300_000);

test("the commands of map draw the stack, and what is live but not managed", async () => {
  const shell = await deployAcme();
  sandbox().connect({ source: "payments", sink: "search" });
  const { output } = await shell.run(takeBlock("datadog-org-connections map", "sh"));
  expect(output).toContain("flowchart");
  const [map, live] = ["map.html", "live.html"].map(shell.project.readFile);
  for (const page of [map, live]) expect(page).toMatch(/^<!doctype html>[^]*Acme Observability/i);
  expect(map).not.toContain("Acme Search");
  expect(live).toContain("Acme Search");
}, 300_000);
