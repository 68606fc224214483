import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { renderHtml } from "../../../../cli/src/commands/map/html.js";
import type { Topology } from "../../../../cli/src/topology/topology.js";
import { ROOT } from "../../../tree.js";
import { createAcme, startAcme } from "./acme.js";
import { drawAcme } from "./draw-acme.js";
import { usePages } from "./use-pages.js";

/** Updates the pictures of the pages: `MAP_PICTURES=1 npm test -- test/cli/commands/map/pictures.test.ts`. */
const MAKE = process.env["MAP_PICTURES"] === "1";
const NOW = new Date("2026-11-25T09:00:00Z");

const pages = usePages();

const pictures = [
  { name: "map-light.png", size: 30, colorScheme: "light" },
  { name: "map-dark.png", size: 200, colorScheme: "dark" },
  { name: "map-find.png", size: 200, colorScheme: "light", find: "fraud tokyo" },
] as const;

test.runIf(MAKE).each(pictures)("docs/$name", async ({ name, size, colorScheme, ...rest }) => {
  const company = createAcme(size);
  const sandbox = await startAcme(company, NOW);
  const json = await drawAcme(company, sandbox, { format: "json", folder: pages.folder });
  await sandbox.close();
  const html = await renderHtml(JSON.parse(json) as Topology, {
    title: "Acme: who shares what with whom",
    at: NOW,
  });
  const page = await pages.open(html, { colorScheme, viewport: { width: 1360, height: 820 } });
  await page.clock.setFixedTime(NOW);
  if ("find" in rest) await page.locator("#find").fill(rest.find);
  // Twice, because the layout may change after the first one.
  await page.screenshot();
  writeFileSync(path.join(ROOT, "docs", name), await page.screenshot());
});

test.each(pictures)("docs/$name is a PNG file of less than 300 kB", ({ name }) => {
  const file = path.join(ROOT, "docs", name);
  expect(readFileSync(file).subarray(1, 4).toString()).toBe("PNG");
  expect(statSync(file).size).toBeLessThan(300_000);
});
