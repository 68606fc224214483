/** Runs the commands of docs/reference/settings.md, and the program of a stack with these settings. */
import { expect, test } from "vitest";
import { builtInSeed } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";
import { splitCommands } from "../commands.js";
import { usePage } from "../page.js";
import { useShells } from "../shell.js";

const { takeBlock } = usePage("docs/reference/settings.md");
const { createShell } = useShells();

const commands = splitCommands(takeBlock("Credentials", "sh"));
const setToken = takeBlock("Bearer tokens", "sh");
const setIdentity = takeBlock("Workload identity", "sh");
const id = commands.at(-1)?.split(" ").at(-1) ?? "";

/** The organization "payments" has the id of the page. */
const sandbox = useSandbox({
  seed: {
    accounts: builtInSeed.accounts.map(({ name, organizations }) => ({
      name,
      organizations: organizations.map((one) => (one.key === "payments" ? { ...one, id } : one)),
    })),
  },
});

const createProgram = (sinkOrgId: string) => `import { OrgConnection } from "pulumi-datadog-org-connections";

new OrgConnection("to-hub", { source: "payments", sinkOrgId: "${sinkOrgId}" });
`;

test("the commands set the keys or the token, as secrets, or the identity, and the id of an organization, to which they must belong", async () => {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  const getId = (key: string) => sandbox().getOrganization(key).id;
  const shell = createShell({
    "Pulumi.yaml": "name: acme\nruntime: nodejs\n",
    "index.ts": createProgram(getId("observability")),
  });
  await shell.run(`pulumi stack init dev\npulumi config set datadog-org-connections:url ${sandbox().url}`);
  const [setApiKey = "", setAppKey = "", setId = "", ...others] = commands;
  expect(others).toEqual([]);
  // The CLI asks for a value that is not in the command.
  await shell.run(setApiKey, { input: apiKey });
  await shell.run(setAppKey, { input: appKey });
  await shell.run(setId);
  const file = shell.project.readFile("Pulumi.dev.yaml");
  expect(file).toContain(id);
  for (const key of [apiKey, appKey]) expect(file).not.toContain(key);
  await shell.run("pulumi up --yes");
  expect(sandbox().listConnections()).toMatchObject([{ sourceOrgId: id }]);

  // A token replaces both keys.
  await shell.run(`pulumi config rm --path 'datadog-org-connections:organizations.payments.apiKey'
pulumi config rm --path 'datadog-org-connections:organizations.payments.appKey'`);
  const token = sandbox().getOrganization("payments").bearerToken;
  await shell.run(setToken, { input: token });
  expect(shell.project.readFile("Pulumi.dev.yaml")).not.toContain(token);
  shell.project.writeFile("index.ts", createProgram(getId("search")));
  sandbox().clearRequests();
  await shell.run("pulumi up --yes");
  expect(new Set(sandbox().requests.map(({ credentials }) => credentials))).toEqual(new Set(["token"]));

  // Another id is an error, because the token does not belong to it.
  await shell.run(setId.replace(id, getId("search")));
  shell.project.writeFile("index.ts", createProgram(getId("security")));
  const { output } = await shell.run("pulumi preview", { codes: [1] });
  expect(output).toContain("[wrong-organization]");

  // An identity replaces the token. Its proof is not sent to the address in the configuration, but to one in the environment.
  await shell.run("pulumi config rm --path 'datadog-org-connections:organizations.payments.bearerToken'");
  await shell.run(setIdentity);
  expect(shell.project.readFile("Pulumi.dev.yaml")).toMatch(/:identity:\n\s+type: github\n/);
  const refused = await shell.run("pulumi preview", { codes: [1] });
  expect(refused.output).toContain("The proof of an identity comes from the environment");
  await shell.run("pulumi config rm datadog-org-connections:url");
  const noJob = await shell.run(`DD_HOST=${sandbox().url} pulumi preview`, { codes: [1] });
  expect(noJob.output).toContain("[identity-missing]");
}, 300_000);
