/** Runs the program of docs/reference/functions.md with the real engine. */
import { expect, test } from "vitest";
import { createEnv } from "../../cli/live-env.js";
import { useSandbox } from "../../sandbox/harness.js";
import { usePage } from "../page.js";
import { useShells } from "../shell.js";

const { takeBlock } = usePage("docs/reference/functions.md");
const { createShell } = useShells();
const sandbox = useSandbox();

test("the program returns what is visible and live", async () => {
  sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["logs", "metrics"] });
  sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
  const shell = createShell(
    { "Pulumi.yaml": "name: acme\nruntime: nodejs\n", "index.ts": takeBlock("Functions", "ts") },
    createEnv(sandbox(), ["payments"]),
  );
  await shell.run("pulumi stack init dev\npulumi up --yes --skip-preview");
  const { output } = await shell.run("pulumi stack output --json");
  expect(JSON.parse(output)).toEqual({
    enabled: sandbox()
      .organizations.filter(({ account, disabled }) => account === "Acme" && !disabled)
      .map(({ name }) => name),
    sharedWithHub: ["logs", "metrics"],
  });
});
