import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { startBrowser } from "./browser.js";

/** The screen of all tests. */
export const SCREEN = { width: 1440, height: 900 };

/**
 * Uses one browser for a test file. Each test opens its own page, unless all share one. After each test, it checks that no page
 * has reported an error or requested anything except itself.
 */
export function usePages({ areShared = false } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "map-"));
  let browser: Browser | undefined;
  const opened: Page[] = [];
  const problems: string[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterEach(async () => {
    if (!areShared) for (const page of opened.splice(0)) await page.context().close();
    expect(problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    /** A folder for files. */
    folder,
    /** The errors and requests so far. A test that expects some removes them. */
    troubles: problems,
    /** Opens a page with this content, from a file. */
    async open(html: string, options: BrowserContextOptions = {}): Promise<Page> {
      const file = path.join(folder, "map.html");
      writeFileSync(file, html);
      const url = pathToFileURL(file).href;
      const context = await browser?.newContext({ viewport: SCREEN, reducedMotion: "reduce", ...options });
      if (!context) throw new Error("the browser runs only during tests");
      const page = await context.newPage();
      opened.push(page);
      page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
      });
      page.on("request", (request) => {
        if (request.url() !== url) problems.push(`request: ${request.url()}`);
      });
      await page.goto(url);
      return page;
    },
  };
}

/** Returns the center of an element on the screen. */
export async function getCenter(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`${selector} is not visible`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
