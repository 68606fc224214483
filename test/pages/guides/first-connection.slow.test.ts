import { rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { splitCommands } from "../commands.js";
import { usePage } from "../page.js";
import type { Shell } from "../shell.js";
import { useExample } from "./example.js";

const page = usePage("docs/guides/first-connection.md");
const example = useExample("examples/first-connection");

const [init = "", site = "", ...keysAndDoctor] = splitCommands(page.takeBlock("Set the keys", "sh"));
const CREATE = page.takeBlock("Create the connection", "sh");
const REPAIR = page.takeBlock("Repair a manual change", "sh");
const NAME = splitCommands(page.takeBlock("Name the organization", "sh"));
const CLEAN_UP = page.takeBlock("Clean up", "sh");

/** Runs commands. A command that asks for a key gets it from its standard input. */
async function runWithKeys(shell: Shell, commands: readonly string[]): Promise<string> {
  const { apiKey, appKey } = example.sandbox.getOrganization("payments");
  let output = "";
  for (const command of commands) {
    const input = command.includes("apiKey") ? apiKey : command.includes("appKey") ? appKey : "";
    output += (await shell.run(command, { input: `${input}\n` })).output;
  }
  expect(output).not.toContain(apiKey);
  expect(output).not.toContain(appKey);
  return output;
}

const takeWrites = () =>
  Object.keys(example.takeRequests()).filter((route) => /^(?:create|update|delete)/.test(route));

test("a first connection with keys in the configuration: created, repaired, named and deleted", async () => {
  // The address of the sandbox takes the place of a site of Datadog.
  expect(site).toContain("datadog-org-connections:site datadoghq.com");
  const address = site.replace("site datadoghq.com", "url http://127.0.0.1:8226");
  const shell = await example.startShell(`${init}\n${address}`);
  // The page does not ask for one.
  rmSync(path.join(shell.project.folder, "tsconfig.json"));
  expect(await runWithKeys(shell, keysAndDoctor)).toContain("The credentials belong to Acme Payments");
  expect(shell.project.readFile("Pulumi.dev.yaml")).not.toContain("sandbox-ap");

  const created = await shell.run(CREATE);
  expect(created.output).toContain("first-connection/dev: payments-to-observability");
  const declared = ["payments → observability: logs, metrics"];
  expect(example.listLive()).toEqual(declared);

  for (const { id } of example.sandbox.listConnections()) example.sandbox.changeTypes(id, ["logs"]);
  expect((await shell.run(REPAIR)).output).toContain('+ [1]: "metrics"');
  expect(example.listLive()).toEqual(declared);

  takeWrites();
  shell.project.writeFile("index.ts", shell.project.readFile("named.ts"));
  await runWithKeys(shell, NAME);
  expect(takeWrites()).toEqual([]);
  expect(example.listLive()).toEqual(declared);

  await shell.run(CLEAN_UP);
  expect(example.listLive()).toEqual([]);
}, 600_000);
