/** Runs the program and the seed of docs/reference/sandbox.md. */
import { expect, test } from "vitest";
import { usePage } from "../page.js";
import { useShells } from "../shell.js";

const { takeBlock } = usePage("docs/reference/sandbox.md");
const { createShell } = useShells();

test("the program prints what its comment says, and its fault closes the connection of a create", async () => {
  const program = takeBlock("The sandbox", "js");
  const [, expected] = /console\.log\(.*\/\/ (.*)\n/.exec(program) ?? [];
  // The same, with the create that the comment of the program announces.
  const create = `const body = { data: {
    type: "org_connection",
    attributes: { connection_types: ["logs"] },
    relationships: { sink_org: { data: { type: "orgs", id: sandbox.getOrganization("security").id } } },
  } };
  const options = { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const outcome = await fetch(\`\${sandbox.url}/api/v2/org_connections\`, options).catch(({ cause }) => cause.code);
  console.log(outcome, sandbox.listConnections().length);\n`;
  const close = "  await sandbox.close();\n";
  expect(program.split(close)).toHaveLength(2);
  const shell = createShell({
    "index.js": program,
    "with-create.js": program.replace(close, `${create}${close}`),
  });
  expect((await shell.run("node index.js")).output).toBe(`${expected}\n`);
  expect((await shell.run("node with-create.js")).output).toMatch(
    new RegExp(`^${expected}\\n(?:UND_ERR_SOCKET|ECONNRESET) 2\\n$`),
  );
});

test("a job of GitHub Actions exchanges its token, and lists the connections", async () => {
  const program = takeBlock("Workload identity", "js");
  const [, expected] = /console\.log\(.*\/\/ (.*)\n/.exec(program) ?? [];
  const shell = createShell({ "index.js": program });
  expect([expected, (await shell.run("node index.js")).output]).toEqual(["200 200", "200 200\n"]);
});

test("a sandbox starts with the seed", async () => {
  const shell = createShell({
    "seed.json": takeBlock("Seed", "json"),
    "index.js": `const { parseSeed, startSandbox } = require("datadog-org-connections-sandbox");
(async () => {
  const sandbox = await startSandbox({ seed: parseSeed(require("./seed.json")) });
  const { permissions, maxDestinations } = sandbox.getOrganization("shop");
  console.log(JSON.stringify([permissions, maxDestinations, sandbox.listConnections()]));
  await sandbox.close();
})();\n`,
  });
  const { output } = await shell.run("node index.js");
  expect(JSON.parse(output)).toEqual([
    ["org_connections_read"],
    5,
    [
      expect.objectContaining({
        sourceOrgId: "cccccccc-0002-4000-8000-000000000002",
        sinkOrgId: "cccccccc-0001-4000-8000-000000000001",
        connectionTypes: ["logs", "metrics"],
      }),
    ],
  ]);
});
