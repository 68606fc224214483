import { expect, test } from "vitest";
import { usePage } from "../page.js";
import type { Shell } from "../shell.js";
import { useExample } from "./example.js";

const page = usePage("docs/guides/mesh.md");
const example = useExample("examples/mesh");

const KEYS = page.takeBlock("Before you start", "sh");
const UP = page.takeBlock("Every organization with every other", "sh");
const REVIEW = page.takeBlock("Add or remove an organization", "sh");

const THREE = ["payments", "checkout", "search"];
const listMesh = (members: readonly string[]) =>
  members
    .flatMap((source) =>
      members.filter((sink) => sink !== source).map((sink) => `${source} → ${sink}: logs, metrics`),
    )
    .sort();

const editMembers = (shell: Shell, edit: (text: string) => string) =>
  shell.project.writeFile("members.ts", edit(shell.project.readFile("members.ts")));

/** Makes one of the alternatives the program. */
const useProgram = (shell: Shell, name: string, edit = (text: string) => text) =>
  shell.project.writeFile("index.ts", edit(shell.project.readFile(name)));

test("a mesh of three organizations, to which a fourth is added and from which one is removed", async () => {
  const shell = await example.startShell(KEYS);
  const first = await shell.run(UP);
  expect(first.output).toContain("+ 7 to create");
  expect(example.listLive()).toEqual(listMesh(THREE));
  expect(shell.project.readFile("mesh.html")).toContain("Acme Checkout");

  const line = `  security: "${example.sandbox.getOrganization("security").id}",\n`;
  editMembers(shell, (text) => text.replace("};", `${line}};`));
  const added = await shell.run(REVIEW, { codes: [0, 3] });
  expect(added).toMatchObject({ code: 3, output: expect.stringContaining("6 share new data") as string });
  await shell.run("pulumi up");
  expect(example.listLive()).toEqual(listMesh([...THREE, "security"]));

  editMembers(shell, (text) => text.replace(line, ""));
  expect((await shell.run(REVIEW, { codes: [0, 4] })).code).toBe(4);
  await shell.run("pulumi up");
  expect(example.listLive()).toEqual(listMesh(THREE));
}, 300_000);

test("the costs of the page: requests for each organization and connection, and one resource for each organization", async () => {
  const shell = await example.startShell(KEYS);
  await shell.run("pulumi stack init dev\npulumi up --skip-preview");
  const { createConnection, listConnections = 0, listOrganizations = 0, ...others } = example.takeRequests();
  expect([createConnection, others]).toEqual([6, {}]);
  expect(listConnections + listOrganizations).toBeLessThanOrEqual(2 * THREE.length);
  await shell.run("pulumi up --skip-preview");
  expect(example.takeRequests()).toEqual({});
  await shell.run("pulumi refresh --skip-preview");
  expect(example.takeRequests()).toEqual({ listConnections: 3 });

  const before = example.sandbox.listConnections();
  useProgram(shell, "sets.ts", (text) => text.replace("connections }", "connections, adopt: true }"));
  const { output } = await shell.run("pulumi up --skip-preview");
  expect(output).toMatch(/\+ 3 created/);
  expect(example.sandbox.listConnections()).toEqual(before);
}, 300_000);

test("a list of pairs", async () => {
  const shell = await example.startShell(KEYS);
  useProgram(shell, "pairs.ts");
  await shell.run("pulumi stack init dev\npulumi up --skip-preview");
  expect(example.listLive()).toEqual([
    "checkout → payments: logs",
    "payments → checkout: logs, metrics",
    "payments → search: logs, metrics",
  ]);
}, 300_000);
