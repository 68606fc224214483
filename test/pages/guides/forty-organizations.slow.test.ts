import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parseSeed } from "../../../sandbox/src/index.js";
import { ROOT } from "../../tree.js";
import { findFreePort } from "../free-port.js";
import { usePage } from "../page.js";
import { useExample } from "./example.js";

const page = usePage("docs/guides/forty-organizations.md");
const FOLDER = "examples/forty-organizations";
const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, FOLDER, file), "utf8"));
const sources = readJson("sources.json") as string[];
const example = useExample(FOLDER, { seed: parseSeed(readJson("seed.json")) });

const START = page.takeBlock("Before you start", "sh");
const KEYS = page.takeBlock("Where the keys live", "sh");
const CREATE = page.takeBlock("Create the connections", "sh");
const REVIEW = page.takeBlock("Add or remove an organization", "sh");

const listExpected = (names: readonly string[]) => names.map((name) => `${name} → hub: logs, metrics`);

test("forty organizations are connected, and one of them is removed", async () => {
  expect(sources).toHaveLength(40);
  const shell = await example.startShell(KEYS);
  const { output } = await shell.run(CREATE);
  expect(output).toContain("+ 41 to create");
  expect(output).not.toContain("sandbox-app-key");
  expect(example.listLive()).toEqual(listExpected(sources));
  expect(shell.project.readFile("hub.html")).toContain("Acme Team 40");

  const [removed = "", ...others] = sources;
  shell.project.writeFile("sources.json", JSON.stringify(others));
  const review = await shell.run(REVIEW, { codes: [0, 4] });
  expect(review).toMatchObject({
    code: 4,
    output: expect.stringContaining("1 stops sharing data") as string,
  });
  await shell.run("pulumi up --skip-preview");
  expect(example.listLive()).toEqual(listExpected(others));
  expect(removed).toBe("team-01");
}, 600_000);

test("the requests of each operation are those of the page", async () => {
  const shell = await example.startShell(KEYS);
  const countRequests = async (command: string) => {
    await shell.run(command);
    return example.takeRequests();
  };
  const lists = { listConnections: 40, listOrganizations: 40 };
  expect(await countRequests("pulumi preview")).toEqual(lists);
  expect(await countRequests("pulumi up --skip-preview")).toEqual({ ...lists, createConnection: 40 });
  expect(await countRequests("pulumi up --skip-preview")).toEqual({});
  expect(await countRequests("pulumi refresh --skip-preview")).toEqual({ listConnections: 40 });
  const program = shell.project.readFile("index.ts");
  shell.project.writeFile("index.ts", program.replace('"metrics"', '"audit"'));
  expect(await countRequests("pulumi up --skip-preview")).toMatchObject({
    listOrganizations: 40,
    updateConnection: 40,
  });
  expect(await countRequests("pulumi destroy --skip-preview")).toEqual({
    listConnections: 40,
    deleteConnection: 40,
  });
}, 600_000);

test("the sandbox of the page has the hub and the forty organizations", async () => {
  const port = String(await findFreePort());
  const shell = await example.startShell("export DD_HOST=http://127.0.0.1:8226");
  await shell.run(START.replace("sandbox --seed", `sandbox --port ${port} --seed`));
  const getOrganizations = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/_sandbox/organizations`);
    const { organizations } = (await response.json()) as { organizations: { key: string }[] };
    return organizations.map(({ key }) => key);
  };
  await expect.poll(() => getOrganizations().catch(() => [])).toEqual(["hub", ...sources]);
}, 300_000);
