/** Runs the program of docs/reference/errors.md with the real engine. */
import { expect, test } from "vitest";
import { createEnv } from "../../cli/live-env.js";
import { useSandbox } from "../../sandbox/harness.js";
import { usePage } from "../page.js";
import { useShells } from "../shell.js";

const { takeBlock } = usePage("docs/reference/errors.md");
const { createShell } = useShells();
const sandbox = useSandbox();

test("the program handles a missing permission, and no other error", async () => {
  const shell = createShell(
    { "Pulumi.yaml": "name: acme\nruntime: nodejs\n", "index.ts": takeBlock("Errors", "ts") },
    createEnv(sandbox(), ["payments"]),
  );
  await shell.run("pulumi stack init dev\npulumi config set hubId configured");
  const readHubId = async () => {
    await shell.run("pulumi up --yes --skip-preview");
    return (await shell.run("pulumi stack output hubId")).output.trim();
  };
  expect(await readHubId()).toBe(sandbox().getOrganization("observability").id);
  sandbox().setPermissions("payments", []);
  expect(await readHubId()).toBe("configured");
  sandbox().fail({
    on: { route: "listOrganizations" },
    times: Infinity,
    moment: "before",
    what: { kind: "status", status: 400 },
  });
  await shell.run("pulumi up --yes --skip-preview", { codes: [1, 255] });
});
