/** Runs the YAML programs and the commands of docs/guides/plugin.md. */
import { expect, test } from "vitest";
import plugin from "../../../plugin/package.json";
import { usePage } from "../page.js";
import { useExample } from "./example.js";

// test/engine/archives.slow.test.ts runs the section that installs the plugin.
const page = usePage(
  "docs/guides/plugin.md",
  "A folder in place of an installed plugin",
  "A first program",
  "Adopt what exists",
);
// Its files are replaced by those of the page.
const example = useExample("examples/first-connection");

const PROJECT = page.takeBlock("A folder in place of an installed plugin", "yaml");
const PROGRAM = page.takeBlock("A first program", "yaml");
const FIRST = page.takeBlock("A first program", "sh");
const ADOPT = page.takeBlock("Adopt what exists", "sh");

test("the page names the current version", () => {
  expect(PROJECT).toContain(`version: ${plugin.version}\n`);
});

test("a first connection, and the adoption of another one, with YAML programs", async () => {
  const { apiKey, appKey } = example.sandbox.getOrganization("payments");
  const shell = await example.startShell("", {
    DD_HOST: example.sandbox.url,
    DD_API_KEY: apiKey,
    DD_APP_KEY: appKey,
    PATH: `${process.env["PULUMI_TEST_HOSTS"] ?? ""}:${process.env["PATH"] ?? ""}`,
  });
  shell.project.writeFile("Pulumi.yaml", PROJECT);
  shell.project.writeFile("Main.yaml", PROGRAM);
  const first = await shell.run(FIRST);
  expect(first.output).toContain("+ datadog-org-connections:index:OrgConnection: (create)");
  expect(example.listLive()).toEqual(["payments → observability: logs, metrics"]);

  await shell.run("pulumi stack rm dev --force --yes\npulumi stack init dev");
  const before = example.sandbox.listConnections();
  await shell.run(ADOPT);
  await shell.run("pulumi preview --refresh --expect-no-changes");
  expect(example.sandbox.listConnections()).toEqual(before);
}, 120_000);
