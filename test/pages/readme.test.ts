/** Runs README.md from the top, as a newcomer does: the trial with the sandbox, then in the same terminal with keys. */
import { expect, test } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { listBlocks } from "./blocks.js";
import { splitCommands } from "./commands.js";
import { findFreePort } from "./free-port.js";
import { usePage } from "./page.js";
import { useShells } from "./shell.js";

const page = usePage(
  "README.md",
  "Try it",
  "Your own keys and first connection",
  "Adopt what exists",
  "Review in pull requests, audit every night",
);
const { createShellInClone } = useShells();
/** In place of Datadog. */
const sandbox = useSandbox();

const [toPreview = "", afterPreview = ""] = page.takeBlocks("Try it", "sh");

const trimLines = (text: string): string[] => text.split("\n").map((line) => line.trim());

/** Fills in the values of a block that differ between users: the address of the sandbox instead of a site, and its keys. */
function fillIn(block: string): string {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  return block
    .replace("DD_SITE=datadoghq.com", `DD_HOST=${sandbox().url}`)
    .replace("DD_API_KEY=…", `DD_API_KEY=${apiKey}`)
    .replace("DD_APP_KEY=…", `DD_APP_KEY=${appKey}`);
}

test("a newcomer reaches the preview of a first connection within ten commands, creates it, and then uses other keys", async () => {
  expect(splitCommands(toPreview).length).toBeLessThanOrEqual(10);
  // The page shows the program of this folder.
  expect(toPreview).toContain("cd examples/first-connection\n");
  const port = String(await findFreePort());
  const shell = createShellInClone();

  const { output } = await shell.run(toPreview.replaceAll("8226", port));
  const shown = listBlocks("README.md").find(({ language }) => language === "text")?.code ?? "";
  expect(trimLines(output)).toEqual(expect.arrayContaining(trimLines(shown)));

  const after = await shell.run(afterPreview);
  expect(after.output).toMatch(/Acme Payments +Acme Observability +logs, metrics/);
  expect(after.output).toContain("first-connection/dev: payments-to-observability");
  await expect(fetch(`http://127.0.0.1:${port}/_sandbox/connections`)).rejects.toThrow();

  await shell.run(fillIn(page.takeBlock("Your own keys and first connection", "sh")));
  expect(sandbox().listConnections()).toMatchObject([{ connectionTypes: ["logs", "metrics"] }]);

  sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
  sandbox().clearRequests();
  const before = sandbox().listConnections();
  await shell.run(page.takeBlock("Adopt what exists", "sh"));
  expect(sandbox().listConnections()).toEqual(before);
  expect(sandbox().requests.filter(({ method }) => method !== "GET")).toEqual([]);

  const review = page.takeBlock("Review in pull requests, audit every night", "sh");
  await shell.run(review);
  sandbox().connect({ source: "payments", sink: "checkout", connectionTypes: ["logs"] });
  const [, , inventory = ""] = splitCommands(review);
  const unmanaged = await shell.run(inventory, { codes: [6] });
  expect(unmanaged.output).toMatch(/Acme Payments +Acme Checkout +logs .* none /);
}, 600_000);

test("each block can be pasted into zsh too, which does not accept comments there", () => {
  const blocks = listBlocks("README.md").filter(({ language }) => language === "sh");
  expect(blocks.map(({ code }) => code).join("")).not.toMatch(/(?:^|\s)#/);
});
