import path from "node:path";
import { expect, test } from "vitest";
import { useSandbox } from "../../sandbox/harness.js";
import { ROOT } from "../../tree.js";
import { usePage } from "../page.js";
import { useShells } from "../shell.js";

const page = usePage("docs/guides/import.md");
const SET_UP = page.takeBlock("Before you start", "sh");
const [IMPORT_ONE = "", PREVIEW = ""] = page.takeBlocks("One connection", "sh");
const CODE = page.takeBlock("One connection", "yaml");
const FILE = page.takeBlock("Many connections", "json");
const IMPORT_MANY = page.takeBlock("Many connections", "sh");

const PROJECT = `name: imported
runtime: yaml
plugins:
  providers:
    - name: datadog-org-connections
      path: ${path.join(ROOT, "plugin")}
`;

const { createShell } = useShells();
const getSandbox = useSandbox();

test("a connection and a set are imported without a write, and their code previews empty", async () => {
  const sandbox = getSandbox();
  const connect = (source: string, sink: string, connectionTypes: string[]) =>
    sandbox.connect({ source, sink, connectionTypes });
  connect("payments", "observability", ["logs", "metrics"]);
  connect("checkout", "observability", ["logs"]);
  connect("checkout", "security", ["audit"]);
  const shell = createShell({ "Pulumi.yaml": PROJECT, "import.json": FILE });
  await shell.run(`export PATH="${process.env["PULUMI_TEST_HOSTS"] ?? ""}:$PATH"`);
  await shell.run(SET_UP.replace("http://127.0.0.1:8226", sandbox.url));
  await shell.run(IMPORT_ONE);
  const one = shell.project.readFile("code.yaml");
  expect(one.trim()).toBe(CODE.trim());
  shell.project.writeFile("Pulumi.yaml", `${PROJECT}${one}`);
  await shell.run(PREVIEW);
  await shell.run(IMPORT_MANY);
  const more = shell.project.readFile("more.yaml").replace(/^resources:\n/, "");
  shell.project.writeFile("Pulumi.yaml", `${PROJECT}${one}${more}`);
  await shell.run(PREVIEW);
  await shell.run("pulumi preview --refresh --expect-no-changes");
  expect(sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
}, 300_000);
