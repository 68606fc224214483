import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../tree.js";
import { usePage } from "../page.js";
import type { Shell } from "../shell.js";
import { useExample } from "./example.js";

const page = usePage("docs/guides/rotate.md");
const example = useExample("examples/rotate");

const [WRITE = "", CHECK = ""] = page.takeBlocks("Check the new keys", "sh");
const USE = page.takeBlock("Keys in the environment", "sh");
const CHECK_JSON = page.takeBlock("Keys in one JSON secret", "sh");
const [SET = "", UP = "", RUN_PROGRAM = ""] = page.takeBlocks("Keys in the stack configuration", "sh");
const REVOKED = page.takeBlock("Revoke the old keys", "sh");
const [REVIEW = "", REPLACE = ""] = page.takeBlocks("When a creator leaves", "sh");

const NAMES = ["payments", "checkout"];
const ANY = [0, 1, 4, 6, 255];
const getKeys = (name: string) => example.sandbox.getOrganization(name);

/** The variables of all organizations, as a user of the sandbox sets them. */
const createEnv = () =>
  Object.fromEntries([
    ["DD_HOST", example.sandbox.url],
    ...NAMES.flatMap((name) => [
      [`DD_API_KEY__${name.toUpperCase()}`, getKeys(name).apiKey],
      [`DD_APP_KEY__${name.toUpperCase()}`, getKeys(name).appKey],
    ]),
  ]) as Record<string, string>;

/** Rotates the keys of `payments`, and writes the new ones with the "editor" of the page. */
async function writeNewKeys(shell: Shell): Promise<void> {
  const { apiKey, appKey } = example.sandbox.rotateKeys("payments");
  const lines = [
    `export DD_API_KEY__PAYMENTS=${apiKey}`,
    `export DD_APP_KEY__PAYMENTS=${appKey}`,
    // The address of the sandbox. Datadog's own addresses need no variable.
    `export DD_HOST__PAYMENTS=${example.sandbox.url}`,
  ];
  shell.project.writeFile("new-keys", `${lines.join("\n")}\n`);
  shell.project.writeFile("editor", `#!/bin/sh\ncat new-keys > "$1"\n`);
  await shell.run(`chmod +x editor\nexport EDITOR=./editor\n${WRITE}`);
  expect((await shell.run('ls -l "$keys"')).output).toMatch(/^-rw-------/);
}

test("keys in the environment: the next run uses the new ones", async () => {
  const shell = await example.startShell("", createEnv());
  await shell.run("pulumi stack init prod\npulumi up --skip-preview");
  const before = example.sandbox.listConnections();
  await writeNewKeys(shell);
  const old = await shell.run("pulumi preview --refresh", { codes: ANY });
  expect([old.code === 0, old.output.includes("[forbidden]")]).toEqual([false, true]);
  expect((await shell.run(CHECK)).output).toContain("The credentials belong to Acme Payments");
  await shell.run(USE);
  await shell.run(REVOKED);
  expect((await shell.run('ls "$keys"', { codes: [2] })).code).toBe(2);
  expect(example.sandbox.listConnections()).toEqual(before);
}, 600_000);

test("keys in the stack configuration: an up is needed before a refresh, or --run-program", async () => {
  const shell = await example.startShell("");
  const set = async (block: string) => {
    const lines = block.trimEnd().split("\n");
    for (const [at, line] of lines.entries()) {
      const { apiKey, appKey } = getKeys(line.includes("checkout") ? "checkout" : "payments");
      await shell.run(line, { input: at === 0 ? apiKey : appKey });
    }
  };
  await shell.run(
    `pulumi stack init prod\npulumi config set datadog-org-connections:url ${example.sandbox.url}`,
  );
  await set(SET.replaceAll("payments", "checkout"));
  await set(SET);
  await shell.run("pulumi up --skip-preview");
  const before = example.sandbox.listConnections();
  expect(before).toHaveLength(2);

  await writeNewKeys(shell);
  expect((await shell.run(CHECK)).output).toContain("No problems.");
  await set(SET);
  const { output } = await shell.run("pulumi preview --refresh", { codes: ANY });
  expect(output).toContain(
    "If the credentials were rotated, refresh and destroy still use those of the last `up`.",
  );
  await shell.run(RUN_PROGRAM);
  example.takeRequests();
  await shell.run("pulumi up --skip-preview");
  expect(example.takeRequests()).toEqual({});
  await shell.run(UP);
  await shell.run(REVOKED);
  expect(example.sandbox.listConnections()).toEqual(before);
}, 600_000);

test("keys in one JSON secret are checked before they are stored", async () => {
  const shell = await example.startShell("", { DD_HOST: example.sandbox.url });
  shell.project.writeFile(
    "ci/with-keys.mjs",
    readFileSync(path.join(ROOT, "examples/ci/ci/with-keys.mjs"), "utf8"),
  );
  const writeSecret = () => {
    const secret = Object.fromEntries(
      NAMES.map((name) => [name, { apiKey: getKeys(name).apiKey, appKey: getKeys(name).appKey }]),
    );
    shell.project.writeFile("organization-keys.json", JSON.stringify(secret));
  };
  writeSecret();
  example.sandbox.rotateKeys("payments");
  expect((await shell.run(CHECK_JSON, { codes: ANY })).code).toBe(6);
  writeSecret();
  expect((await shell.run(CHECK_JSON)).output).toContain("No problems.");
}, 600_000);

test("a bearer token is rotated in the same way", async () => {
  const { bearerToken } = getKeys("payments");
  const shell = await example.startShell("", {
    DD_HOST: example.sandbox.url,
    DD_BEARER_TOKEN__PAYMENTS: bearerToken,
  });
  const next = example.sandbox.rotateToken("payments");
  await shell.run("pulumi stack init prod");
  expect((await shell.run(REVOKED.replace(/^rm .*/m, ""), { codes: ANY })).code).toBe(6);
  shell.project.writeFile("new-keys", `export DD_BEARER_TOKEN__PAYMENTS=${next}\n`);
  const { output } = await shell.run(`keys="$PWD/new-keys"\n${CHECK}`);
  expect(output).toContain("The credentials belong to Acme Payments");
}, 600_000);

test("a connection gets a new creator by a replacement, which review reports first", async () => {
  const shell = await example.startShell("", createEnv());
  await shell.run("pulumi stack init prod\npulumi up --skip-preview");
  const before = example.sandbox.listConnections();
  const review = await shell.run(REVIEW, { codes: ANY });
  expect(review.code).toBe(4);
  expect(review.output).toContain("will be replaced by one with a new ID and a new creator");
  await shell.run(REPLACE);
  const after = example.sandbox.listConnections();
  expect(after).toHaveLength(2);
  const replaced = before.filter(({ id }) => !after.some((one) => one.id === id));
  expect(replaced.map(({ sourceOrgId }) => sourceOrgId)).toEqual([getKeys("payments").id]);

  // As Datadog does when the account of the creator is deactivated.
  for (const { id } of after) example.sandbox.disconnect(id);
  await shell.run("pulumi up --refresh");
  expect(example.listLive()).toEqual(
    NAMES.toSorted().map((name) => `${name} → observability: logs, metrics`),
  );
}, 600_000);
