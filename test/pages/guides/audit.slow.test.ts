import { expect, test } from "vitest";
import { usePage } from "../page.js";
import type { Shell } from "../shell.js";
import { useExample } from "./example.js";

const page = usePage("docs/guides/audit.md");
const example = useExample("examples/audit");

const [SET_UP = "", MANUAL_CHANGES = "", ...others] = page.takeBlocks("Before you start", "sh");
const [INVENTORY = "", MAP = ""] = page.takeBlocks("Unmanaged connections", "sh");
const [DRIFT = "", REVIEW = ""] = page.takeBlocks("What was changed", "sh");
const NIGHTLY = page.takeBlock("Every night", "sh");

const ANY = [0, 1, 3, 4, 5, 6, 7, 255];
const AS_DECLARED = [
  "checkout → observability: logs",
  "payments → observability: logs, metrics",
  "payments → security: audit",
];

const readAudit = (shell: Shell, name: string) => shell.project.readFile(`audit/${name}`);

test("a stack as declared: each step of the audit finds nothing", async () => {
  expect(others).toEqual([]);
  const shell = await example.startShell(SET_UP);
  expect(example.listLive()).toEqual(AS_DECLARED);
  await shell.run(`${INVENTORY}${DRIFT}${REVIEW}`);
  example.takeRequests();
  await shell.run(NIGHTLY);
  expect(Object.keys(example.takeRequests()).sort()).toEqual(["listConnections", "listOrganizations"]);
}, 600_000);

test("manual changes: the inventory, the map, the preview and the review find them", async () => {
  const shell = await example.startShell(SET_UP);
  await shell.run(MANUAL_CHANGES);
  expect(example.listLive()).toEqual([
    "checkout → observability: logs, metrics",
    "checkout → search: logs",
    ...AS_DECLARED.slice(1),
  ]);
  const inventory = await shell.run(INVENTORY, { codes: ANY });
  expect(inventory.code).toBe(6);
  expect(inventory.output).toMatch(/^Acme Checkout +Acme Search +logs .* none /m);
  expect(inventory.output).toContain("Not managed by any given state: 1.");
  expect((await shell.run(MAP)).output).toContain("1 unmanaged");
  expect((await shell.run(DRIFT, { codes: ANY })).code).not.toBe(0);
  const review = await shell.run(REVIEW, { codes: ANY });
  expect(review.code).toBe(4);
  expect(review.output).toContain(
    "drift will be corrected, because someone added `metrics` outside this program",
  );

  const nightly = await shell.run(NIGHTLY, { codes: ANY });
  expect(nightly.code).toBe(1);
  expect(nightly.output).toMatch(
    /^unmanaged: \| Acme Checkout \| Acme Search \| logs \| .*\ninventory: exit code 6$/m,
  );
  expect(nightly.output.match(/^unmanaged: /gm)).toHaveLength(1);
  expect(nightly.output).toContain("review: exit code 4");
  expect(readAudit(shell, "inventory.md")).toContain("Acme Search");
  expect(readAudit(shell, "map.html")).toContain("Acme Search");
  expect(readAudit(shell, "review.md")).toContain("No violations.");
}, 600_000);

test("an exclusive set: the review reports an undeclared connection, and only an up with a refresh deletes it", async () => {
  const shell = await example.startShell(SET_UP);
  example.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
  example.sandbox.connect({ source: "checkout", sink: "search", connectionTypes: ["logs"] });
  const review = await shell.run(REVIEW, { codes: ANY });
  expect(review.code).toBe(4);
  expect(review.output).toContain("will be deleted because the exclusive set does not declare it");
  await shell.run("pulumi up --skip-preview");
  expect(example.listLive()).toContain("payments → search: logs");
  await shell.run("pulumi up --refresh");
  expect(example.listLive()).toEqual([AS_DECLARED[0], "checkout → search: logs", ...AS_DECLARED.slice(1)]);
}, 600_000);

test("a pending change that violates the policy, and an organization that cannot be checked", async () => {
  const shell = await example.startShell(SET_UP);
  const program = shell.project.readFile("index.ts");
  shell.project.writeFile(
    "index.ts",
    program.replace('connectionTypes: ["logs"]', 'connectionTypes: ["logs", "audit"]'),
  );
  expect((await shell.run(REVIEW, { codes: ANY })).code).toBe(5);
  example.sandbox.setPermissions("checkout", []);
  const { code, output } = await shell.run(NIGHTLY, { codes: ANY });
  expect(code).toBe(1);
  for (const line of ["inventory: exit code 7", "map: exit code 7", "preview: exit code"])
    expect(output).toContain(line);
  expect(output).toMatch(/^error: .*\[forbidden\]/m);
  expect(readAudit(shell, "review.md")).toContain("\\[forbidden\\]");
}, 600_000);
