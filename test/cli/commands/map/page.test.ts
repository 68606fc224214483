import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../../../cli/src/commands/map/html.js";
import { buildTopology } from "../../../../cli/src/topology/build-topology.js";
import { createAcme, startAcme } from "./acme.js";
import { drawAcme } from "./draw-acme.js";
import { getCenter, SCREEN, usePages } from "./use-pages.js";

/** The time on the page. The newest connection is less than three days old at this time. */
const NOW = new Date("2026-11-25T09:00:00Z");

const pages = usePages();
let html = "";

beforeAll(async () => {
  const company = createAcme(200);
  const sandbox = await startAcme(company, NOW);
  html = await drawAcme(company, sandbox, { format: "html", folder: pages.folder });
  await sandbox.close();
});

const openPage = async (options: Parameters<typeof pages.open>[1] = {}): Promise<Page> =>
  pages.open(html, options);

/** The selector of an organization in the drawing, by its full name. */
const selectCard = (name: string) => `[data-organization]:has(text.name:text-is("${name}"))`;
const measureScale = async (page: Page): Promise<number> =>
  ((await page.locator(selectCard("Acme Observability")).boundingBox())?.width ?? 0) / 1000;

describe("a page of 200 organizations", () => {
  test("draws each of them inside the view and lists each connection", async () => {
    const page = await openPage();
    const cards = page.locator("#drawing [data-organization]");
    expect(await cards.count()).toBe(200);
    const view = await page.locator("#view").boundingBox();
    for (const one of await cards.all()) {
      const box = await one.boundingBox();
      expect(box && view && box.x >= view.x && box.x + box.width <= view.x + view.width).toBe(true);
      expect(box && view && box.y >= view.y && box.y + box.height <= view.y + view.height).toBe(true);
    }
    expect(await page.locator("tbody tr").count()).toBe(257);
    expect(await page.locator("header p").first().textContent()).toContain(
      "200 organizations, 257 connections; 2 unmanaged.",
    );
  });

  test("organizations and labels do not overlap", async () => {
    const page = await openPage();
    for (const selector of ["[data-organization]", "g.label"]) {
      const boxes = await Promise.all(
        (await page.locator(`#drawing ${selector}`).all()).map((one) => one.boundingBox()),
      );
      const overlapping = boxes.flatMap((a, at) =>
        boxes.slice(at + 1).filter((b) => {
          if (!a || !b) return true;
          return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
        }),
      );
      expect(overlapping).toEqual([]);
    }
  });

  test("search finds one: highlighted, described, announced and centered; the list shows only its connections", async () => {
    const page = await openPage();
    await page.locator("#find").fill("fraud tokyo");
    expect(await page.locator("#found").textContent()).toBe("1 found. Acme Fraud Tokyo");
    expect(await page.locator(".organization.found").count()).toBe(1);
    expect(await page.locator("#details h2").textContent()).toBe("Acme Fraud Tokyo");
    expect(await page.locator("#details .who").allTextContents()).toEqual([
      "Acme Observability",
      "Acme Security",
    ]);
    const view = await page.locator("#view").boundingBox();
    await expect
      .poll(async () =>
        Math.abs((await getCenter(page, selectCard("Acme Fraud Tokyo"))).x - (SCREEN.width - 360) / 2),
      )
      .toBeLessThan(2);
    const { y } = await getCenter(page, selectCard("Acme Fraud Tokyo"));
    expect(Math.abs(y - ((view?.y ?? 0) + (view?.height ?? 0) / 2))).toBeLessThan(2);
    expect(await page.locator("tbody tr:visible").count()).toBe(2);
  });

  test("search ignores case and accents, accepts a UUID, and reports when there is no result", async () => {
    const page = await openPage();
    const found = page.locator("#found");
    await page.locator("#find").fill("LEDGER SAO PAULO");
    expect(await found.textContent()).toBe("1 found. Acme Ledger São Paulo");
    await page.locator("#find").fill("aaaaaaaa-2000-4000-8000-000000000003");
    expect(await found.textContent()).toBe("1 found. Acme Security");
    await page.locator("#find").fill("unknown");
    expect(await found.textContent()).toBe("No organization found.");
    expect(await page.locator(".organization.found").count()).toBe(0);
  });

  test("Enter moves to the next result, and Escape clears the search", async () => {
    const page = await openPage();
    await page.keyboard.press("/");
    await page.keyboard.type("payments");
    const message = page.locator("#found");
    expect(await message.textContent()).toMatch(/^11 found\. 1 of 11: Acme Payments\./);
    await page.keyboard.press("Enter");
    expect(await message.textContent()).toMatch(/^11 found\. 2 of 11: Acme Payments /);
    await page.keyboard.press("Escape");
    expect(await message.textContent()).toBe("");
    expect(await page.locator("#find").inputValue()).toBe("");
    expect(await page.locator("tbody tr:visible").count()).toBe(257);
  });
});

test("the heading of a group with short names is inside its frame", async () => {
  for (const count of [14, 150]) {
    const rows = Array.from({ length: count }, (_, at) => ({
      id: `c${at}`,
      source: { id: `s${at}`, name: `s${at}` },
      sink: { id: "hub", name: "hub" },
      types: ["logs"],
    }));
    const page = await pages.open(await renderHtml(buildTopology(rows), { title: "Short", at: NOW }));
    const frame = await page.locator(".frame rect").boundingBox();
    const heading = await page.locator(".frame text").boundingBox();
    expect(heading?.x).toBeGreaterThan(frame?.x ?? NaN);
    expect((heading?.x ?? NaN) + (heading?.width ?? NaN)).toBeLessThan(
      (frame?.x ?? NaN) + (frame?.width ?? NaN),
    );
  }
});

describe("by keyboard", () => {
  test("Tab moves to the map and then to an organization, which is described; Enter centers it", async () => {
    const page = await openPage();
    await page.locator("#find").focus();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.id")).toBe("stage");
    await page.keyboard.press("Tab");
    const focused = page.locator("[data-organization]:focus");
    const name = (await focused.locator(".name").textContent()) ?? "";
    expect(await page.locator("#details h2").textContent()).toBe(name);
    await page.keyboard.press("Enter");
    await expect
      .poll(async () =>
        Math.abs((await getCenter(page, "[data-organization]:focus")).x - (SCREEN.width - 360) / 2),
      )
      .toBeLessThan(2);
    await page.keyboard.press("Tab");
    expect(await page.locator("#details h2").textContent()).not.toBe(name);
  });

  test("arrow keys move the map, plus and minus zoom, 0 shows all again", async () => {
    const page = await openPage();
    const place = () => getCenter(page, selectCard("Acme Security"));
    await page.locator("#stage").focus();
    const before = await place();
    const size = await measureScale(page);
    for (const [key, x, y] of [
      ["ArrowRight", -80, 0],
      ["ArrowLeft", 0, 0],
      ["ArrowDown", 0, -80],
      ["ArrowUp", 0, 0],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(async () => Math.round((await place()).x - before.x), { message: key }).toBe(x);
      await expect.poll(async () => Math.round((await place()).y - before.y), { message: key }).toBe(y);
    }
    await page.keyboard.press("+");
    await expect.poll(async () => (await measureScale(page)) / size).toBeCloseTo(1.4, 2);
    await page.keyboard.press("-");
    await page.keyboard.press("-");
    await expect.poll(async () => (await measureScale(page)) / size).toBeCloseTo(1 / 1.4, 2);
    await page.keyboard.press("0");
    await expect.poll(async () => (await measureScale(page)) / size).toBeCloseTo(1, 2);
    expect(await place()).toEqual(before);
  });

  test("outside the map, the arrow keys scroll the page", async () => {
    const page = await openPage();
    const before = await getCenter(page, selectCard("Acme Security"));
    await page.locator("#connections h2").click();
    const getScrollTop = async () => Number(await page.evaluate("scrollY"));
    const top = await getScrollTop();
    await page.keyboard.press("ArrowDown");
    await expect.poll(getScrollTop).toBeGreaterThan(top);
    // The map has not moved within the page.
    const measureShift = async () =>
      Math.abs(before.y - (await getCenter(page, selectCard("Acme Security"))).y - (await getScrollTop()));
    await expect.poll(measureShift).toBeLessThan(1);
  });
});

describe("by pointer", () => {
  test("over an organization: types, creator, age and the stack that manages it, or unmanaged", async () => {
    const page = await pages.open(html, {});
    await page.clock.setFixedTime(NOW);
    await page.hover(selectCard("Acme Security"));
    const details = page.locator("#details");
    expect(await details.locator("h3").allTextContents()).toEqual(["Receives from (58)"]);
    await page.hover(selectCard("Acme Data Science"));
    const received = details.locator("li").filter({ hasText: "Acme Vendor Trial" });
    expect(await received.locator(".chip").allTextContents()).toEqual(["audit", "logs", "metrics"]);
    expect(await received.locator(".fact").allTextContents()).toEqual([
      expect.stringMatching(/^created 2[0-4] months ago \(202\d-\d\d-\d\d\) by Kim Berg$/),
      "unmanaged",
    ]);
    const shared = details.locator("li").filter({ hasText: "Acme Observability" });
    expect(await shared.locator(".fact").last().textContent()).toBe("managed by acme/prod");
    await page.mouse.move(5, 5);
    expect(await details.isVisible()).toBe(false);
  });

  test("over a line: who shares with whom", async () => {
    const page = await openPage();
    await page.hover("g.label.unmanaged >> nth=0");
    expect(await page.locator("#details .who").allTextContents()).toEqual([
      "Acme Search with Acme Data Science",
    ]);
    expect(await page.locator("g.link.highlighted").count()).toBe(1);
    expect(await page.locator(".organization.highlighted").count()).toBe(2);
  });

  test("dragging moves, the wheel zooms at the pointer, and a click keeps the details of an organization", async () => {
    const page = await openPage();
    const before = await getCenter(page, selectCard("Acme Security"));
    await page.mouse.move(700, 840);
    await page.mouse.move(600, 780);
    await page.mouse.down();
    await page.mouse.move(560, 760);
    await page.mouse.up();
    await expect
      .poll(async () => Math.round((await getCenter(page, selectCard("Acme Security"))).x - before.x))
      .toBe(-40);
    const size = await measureScale(page);
    const { x, y } = await getCenter(page, selectCard("Acme Security"));
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -100);
    await expect.poll(() => measureScale(page)).toBeGreaterThan(size * 1.1);
    expect(Math.abs((await getCenter(page, selectCard("Acme Security"))).x - x)).toBeLessThan(2);
    await page.mouse.click(x, y);
    await page.mouse.move(5, 5);
    expect(await page.locator("#details h2").textContent()).toBe("Acme Security");
  });

  test("an entry of the legend highlights its connections only", async () => {
    const page = await openPage();
    await page.click("button.unmanaged");
    expect(await page.locator("g.link.highlighted").count()).toBe(2);
    expect(await page.locator("button.unmanaged").getAttribute("aria-pressed")).toBe("true");
    await page.click("button.unmanaged");
    expect(await page.locator(".highlighting").count()).toBe(0);
  });
});

describe("accessibility", () => {
  test.each(["light", "dark"] as const)("axe finds no violation in %s colors", async (colorScheme) => {
    const page = await openPage({ colorScheme });
    await page.locator("#find").fill("fraud tokyo");
    const file = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    await page.evaluate(readFileSync(file, "utf8"));
    const found = (await page.evaluate<unknown>("axe.run()")) as {
      violations: { id: string; nodes: { html: string }[] }[];
    };
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
  });

  test("colors follow the light or dark preference", async () => {
    const getBackground = async (colorScheme: "light" | "dark") =>
      (await openPage({ colorScheme })).evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await getBackground("light")).toBe("rgb(255, 255, 255)");
    expect(await getBackground("dark")).toBe("rgb(15, 20, 29)");
  });

  test("without JavaScript, the drawing and the list are visible", async () => {
    const page = await openPage({ javaScriptEnabled: false });
    expect(await page.locator("#drawing [data-organization]").count()).toBe(200);
    expect(await page.locator("tbody tr:visible").count()).toBe(257);
  });

  test("print has the whole drawing and the whole list, even after a search", async () => {
    const page = await openPage();
    await page.locator("#find").fill("fraud tokyo");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("tbody tr:visible").count()).toBe(257);
    expect(await page.locator("#details").isVisible()).toBe(false);
    const view = await page.locator("#view").boundingBox();
    const last = await page.locator(selectCard("Acme Security")).boundingBox();
    expect(last && view && last.x + last.width <= view.x + view.width).toBe(true);
  });

  test("on a phone, each entry of the legend is on the screen, and the details do not cover it", async () => {
    const page = await openPage({ viewport: { width: 390, height: 800 } });
    await page.locator("#find").fill("fraud tokyo");
    const details = await page.locator("#details").boundingBox();
    for (const entry of await page.locator("button[data-filter]").all()) {
      const { y = NaN, height = NaN } = (await entry.boundingBox()) ?? {};
      expect(y).toBeGreaterThanOrEqual((details?.y ?? NaN) + (details?.height ?? NaN));
      expect(y + height).toBeLessThanOrEqual(800);
    }
  });

  test("nothing is cut off on a narrow screen", async () => {
    const page = await openPage({ viewport: { width: 390, height: 800 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });
});

test("the content security policy blocks requests and injected scripts, and the tests would detect them", async () => {
  const page = await openPage();
  await page.evaluate(`fetch("https://example.com/").catch(() => {})`);
  await page.evaluate(
    `{ const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.body.append(s); }`,
  );
  await expect.poll(() => pages.troubles.length).toBeGreaterThanOrEqual(2);
  expect(await page.evaluate("window.ran")).toBeUndefined();
  expect(pages.troubles.splice(0).join("\n")).toMatch(/connect-src|default-src[\s\S]*script-src/);
});
