/** Runs README.md from the top, as a newcomer does, up to the end of the trial with the sandbox. */
import { expect, test } from "vitest";
import { listBlocks } from "./blocks.js";
import { splitCommands } from "./commands.js";
import { findFreePort } from "./free-port.js";
import { usePage } from "./page.js";
import { useShells } from "./shell.js";

const page = usePage("README.md", "Try it");
const { createShellInClone } = useShells();

const [toPreview = "", afterPreview = ""] = page.takeBlocks("Try it", "sh");

const trimLines = (text: string): string[] => text.split("\n").map((line) => line.trim());

test("a newcomer reaches the preview of a first connection within ten commands, and then creates it", async () => {
  expect(splitCommands(toPreview).length).toBeLessThanOrEqual(10);
  // The page shows the program of this folder.
  expect(toPreview).toContain("cd examples/first-connection\n");
  const port = String(await findFreePort());
  const shell = createShellInClone();

  const { output } = await shell.run(toPreview.replaceAll("8126", port));
  const shown = listBlocks("README.md").find(({ language }) => language === "text")?.code ?? "";
  expect(trimLines(output)).toEqual(expect.arrayContaining(trimLines(shown)));

  const after = await shell.run(afterPreview);
  expect(after.output).toMatch(/Acme Payments +Acme Observability +logs, metrics/);
  expect(after.output).toContain("first-connection/dev: payments-to-observability");
  await expect(fetch(`http://127.0.0.1:${port}/_sandbox/connections`)).rejects.toThrow();
}, 300_000);

test("each block can be pasted into zsh too, which does not accept comments there", () => {
  const blocks = listBlocks("README.md").filter(({ language }) => language === "sh");
  expect(blocks.map(({ code }) => code).join("")).not.toMatch(/(?:^|\s)#/);
});
