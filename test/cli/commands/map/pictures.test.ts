import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { renderHtml } from "../../../../cli/src/commands/map/html.js";
import type { Topology } from "../../../../cli/src/topology/topology.js";
import { ROOT } from "../../../tree.js";
import { createAcme, startAcme } from "./acme.js";
import { drawAcme } from "./draw-acme.js";
import { MovingPicture } from "./moving-picture.js";
import { usePages } from "./use-pages.js";

/** Updates the pictures of the pages: `PICTURES=1 npm test -- pictures`. */
const MAKE = process.env["PICTURES"] === "1";
const NOW = new Date("2026-11-25T09:00:00Z");

const MOVING_PICTURE = path.join(ROOT, "docs/map.gif");

const pages = usePages();

const pictures = [
  { name: "map-light.png", size: 30, colorScheme: "light" },
  { name: "map-dark.png", size: 200, colorScheme: "dark" },
  { name: "map-find.png", size: 200, colorScheme: "light", find: "fraud tokyo" },
] as const;

/** Draws the page of a company with `size` organizations. */
async function drawHtml(size: number): Promise<string> {
  const company = createAcme(size);
  const sandbox = await startAcme(company, NOW);
  const json = await drawAcme(company, sandbox, { format: "json", folder: pages.folder });
  await sandbox.close();
  return renderHtml(JSON.parse(json) as Topology, { title: "Acme: who shares what with whom", at: NOW });
}

test.runIf(MAKE).each(pictures)("docs/$name", async ({ name, size, colorScheme, ...rest }) => {
  const html = await drawHtml(size);
  const page = await pages.open(html, { colorScheme, viewport: { width: 1360, height: 820 } });
  await page.clock.setFixedTime(NOW);
  if ("find" in rest) await page.locator("#find").fill(rest.find);
  // Twice, because the layout may change after the first one.
  await page.screenshot();
  writeFileSync(path.join(ROOT, "docs", name), await page.screenshot());
});

test.runIf(MAKE)(
  "docs/map.gif",
  async () => {
    const page = await pages.open(await drawHtml(30), { viewport: { width: 1120, height: 700 } });
    await page.clock.setFixedTime(NOW);
    await page.screenshot();
    const picture = new MovingPicture(page);
    await picture.show(1500);
    await picture.click('g.label:has-text("unmanaged: audit")');
    await picture.show(2800);
    await picture.click('[data-organization]:has(text.name:text-is("Acme Payments"))');
    await picture.show(2800);
    await picture.click("#find");
    await picture.type("science");
    await picture.show(2800);
    await page.keyboard.press("Escape");
    await picture.show(1200);
    writeFileSync(
      MOVING_PICTURE,
      await picture.encode(await pages.open("<!doctype html><title>Empty</title>")),
    );
  },
  120_000,
);

test("docs/map.gif is a moving GIF file of less than 1.5 MB", () => {
  const bytes = readFileSync(MOVING_PICTURE);
  expect(bytes.subarray(0, 6).toString()).toBe("GIF89a");
  // Without this block, it would stop at its end.
  expect(bytes.includes("NETSCAPE2.0")).toBe(true);
  expect(bytes.length).toBeLessThan(1_500_000);
});

test.each(pictures)("docs/$name is a PNG file of less than 300 kB", ({ name }) => {
  const file = path.join(ROOT, "docs", name);
  expect(readFileSync(file).subarray(1, 4).toString()).toBe("PNG");
  expect(statSync(file).size).toBeLessThan(300_000);
});
