/** Runs the commands of docs/guides/no-long-lived-keys.md. The recipes have tests in test/examples/no-long-lived-keys. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { AWS_PACKAGES } from "../../../core/src/identity/aws.js";
import { AZURE_PACKAGES } from "../../../core/src/identity/azure.js";
import { GCP_PACKAGES } from "../../../core/src/identity/gcp.js";
import type { LoggedRequest } from "../../../sandbox/src/index.js";
import { readPage } from "../../repository/pages.js";
import { listBlocks } from "../blocks.js";
import { findFreePort } from "../free-port.js";
import { usePage } from "../page.js";
import { useExample } from "./example.js";

const PAGE = "docs/guides/no-long-lived-keys.md";
const page = usePage("docs/guides/no-long-lived-keys.md", "Settings", "Try it without Datadog");
const example = useExample("examples/no-long-lived-keys");

const SETTINGS = page.takeBlock("Settings", "sh");
const [START = "", PULL_REQUEST = "", MAIN = "", CLEAN_UP = "", BRANCH = "", ...others] = page.takeBlocks(
  "Try it without Datadog",
  "sh",
);
const ANY = [0, 1, 255];

test("the settings are the type of identity and the id of an organization, without a secret", async () => {
  const shell = await example.startShell("");
  await shell.run(`pulumi stack init dev\n${SETTINGS}`);
  const { config } = parse(shell.project.readFile("Pulumi.dev.yaml")) as { config: unknown };
  expect(config).toEqual({
    "datadog-org-connections:identity": { type: "github" },
    "datadog-org-connections:organizations": { payments: { id: "aaaaaaaa-0003-4000-8000-000000000003" } },
  });
}, 300_000);

test("a pull request can preview and not deploy, and main can deploy", async () => {
  expect(others).toEqual([]);
  const port = String(await findFreePort());
  const url = `http://127.0.0.1:${port}`;
  const read = async (what: string) =>
    (await (await fetch(`${url}/_sandbox/${what}`)).json()) as Record<string, unknown[]>;
  const countLive = async () => (await read("connections"))["connections"]?.length;

  const shell = await example.startShell("");
  const start = START.replace("sandbox --seed", `sandbox --port ${port} --seed`);
  await shell.run(start.replace("http://127.0.0.1:8226", url));
  await expect.poll(() => countLive().catch(() => undefined)).toBe(0);
  const preview = (await shell.run(PULL_REQUEST)).output;
  expect(preview).toContain("40 organizations without a problem");
  expect(preview).toContain("+ 41 to create");
  const refused = await shell.run("pulumi up --skip-preview", { codes: ANY });
  expect(refused.output).toContain("[forbidden]");
  expect([refused.code === 0, await countLive()]).toEqual([false, 0]);

  const { output } = await shell.run(MAIN);
  expect(await countLive()).toBe(40);
  expect(output.match(/CI writer \(Acme Team \d\d\)/g)).toHaveLength(40);
  await shell.run(CLEAN_UP);
  expect(await countLive()).toBe(0);
  const branch = await shell.run(BRANCH, { codes: [0, 6] });
  expect(branch.code).toBe(6);
  expect(branch.output.match(/sub "repo:acme\/connections:ref:refs\/heads\/idea"/g)).toHaveLength(40);
  const requests = (await read("requests"))["requests"] as LoggedRequest[];
  expect(new Set(requests.map(({ credentials }) => credentials))).toEqual(new Set(["proof", "token"]));
}, 600_000);

test("the libraries of each cloud are those that the errors name", () => {
  const blocks = listBlocks(PAGE).map(({ code }) => code.trim());
  expect(blocks).toContain(`npm install ${AWS_PACKAGES.join(" ")}`);
  const spans = readPage(PAGE).codeSpans.map(({ source }) => source);
  for (const packages of [GCP_PACKAGES, AZURE_PACKAGES])
    expect(spans).toContain(`\`npm install ${packages.join(" ")}\``);
});
