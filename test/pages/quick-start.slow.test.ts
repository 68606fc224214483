import { expect, test } from "vitest";
import { fillIn } from "./fill-in.js";
import { useExample } from "./guides/example.js";
import { usePage } from "./page.js";

const page = usePage("examples/quick-start/README.md");
const example = useExample("examples/quick-start");

test("the quick start lists the organizations, and then shares data with one of them", async () => {
  const shell = await example.startShell("rm tsconfig.json; true http://127.0.0.1:8126");
  const block = fillIn(page.takeBlock("Quick start", "sh"), example.sandbox);
  const { output } = await shell.run(block.replace("Name of the destination", "Acme Observability"));
  expect(output).toContain("Organizations to choose from: Acme Checkout");
  expect(example.listLive()).toEqual(["payments → observability: logs"]);
}, 300_000);
