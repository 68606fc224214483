import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { acme, startAcme } from "./acme.js";
import { drawAcme } from "./drawn.js";
import { middleOf, SCREEN, usePages } from "./pages.js";

/** When the page is looked at; the youngest connection is younger than three days then. */
const NOW = new Date("2026-11-25T09:00:00Z");

const pages = usePages();
let html = "";

beforeAll(async () => {
  const company = acme(200);
  const sandbox = await startAcme(company, NOW);
  html = await drawAcme(company, sandbox, { format: "html", folder: pages.folder });
  await sandbox.close();
});

const open = async (options: Parameters<typeof pages.open>[1] = {}): Promise<Page> =>
  pages.open(html, options);

/** An organization in the drawing, by its whole name. */
const card = (name: string) => `[data-organization]:has(text.name:text-is("${name}"))`;
const scaleOf = async (page: Page): Promise<number> =>
  ((await page.locator(card("Acme Observability")).boundingBox())?.width ?? 0) / 1000;

describe("a page of 200 organizations", () => {
  test("draws each of them inside the view, and lists each connection", async () => {
    const page = await open();
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
      "200 organizations, 257 connections; 2 managed by no stack.",
    );
  });

  test("no two organizations and no two labels lie on one another", async () => {
    const page = await open();
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

  test("search finds one: lit, told, said, and in the middle; the list shows its connections only", async () => {
    const page = await open();
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
        Math.abs((await middleOf(page, card("Acme Fraud Tokyo"))).x - (SCREEN.width - 360) / 2),
      )
      .toBeLessThan(2);
    const { y } = await middleOf(page, card("Acme Fraud Tokyo"));
    expect(Math.abs(y - ((view?.y ?? 0) + (view?.height ?? 0) / 2))).toBeLessThan(2);
    expect(await page.locator("tbody tr:visible").count()).toBe(2);
  });

  test("search ignores case and accents, takes a UUID, and says when there is none", async () => {
    const page = await open();
    const found = page.locator("#found");
    await page.locator("#find").fill("LEDGER SAO PAULO");
    expect(await found.textContent()).toBe("1 found. Acme Ledger São Paulo");
    await page.locator("#find").fill("aaaaaaaa-2000-4000-8000-000000000003");
    expect(await found.textContent()).toBe("1 found. Acme Security");
    await page.locator("#find").fill("nobody");
    expect(await found.textContent()).toBe("No organization found.");
    expect(await page.locator(".organization.found").count()).toBe(0);
  });

  test("Enter goes from one found to the next, and Escape takes the search back", async () => {
    const page = await open();
    await page.keyboard.press("/");
    await page.keyboard.type("payments");
    const said = page.locator("#found");
    expect(await said.textContent()).toMatch(/^11 found\. 1 of 11: Acme Payments\./);
    await page.keyboard.press("Enter");
    expect(await said.textContent()).toMatch(/^11 found\. 2 of 11: Acme Payments /);
    await page.keyboard.press("Escape");
    expect(await said.textContent()).toBe("");
    expect(await page.locator("#find").inputValue()).toBe("");
    expect(await page.locator("tbody tr:visible").count()).toBe(257);
  });
});

describe("by keyboard", () => {
  test("Tab leads to the map and then to an organization, which is told; Enter brings it to the middle", async () => {
    const page = await open();
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
        Math.abs((await middleOf(page, "[data-organization]:focus")).x - (SCREEN.width - 360) / 2),
      )
      .toBeLessThan(2);
    await page.keyboard.press("Tab");
    expect(await page.locator("#details h2").textContent()).not.toBe(name);
  });

  test("arrows move the map, plus and minus zoom, 0 shows all again", async () => {
    const page = await open();
    const place = () => middleOf(page, card("Acme Security"));
    await page.locator("#stage").focus();
    const before = await place();
    const size = await scaleOf(page);
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
    await expect.poll(async () => (await scaleOf(page)) / size).toBeCloseTo(1.4, 2);
    await page.keyboard.press("-");
    await page.keyboard.press("-");
    await expect.poll(async () => (await scaleOf(page)) / size).toBeCloseTo(1 / 1.4, 2);
    await page.keyboard.press("0");
    await expect.poll(async () => (await scaleOf(page)) / size).toBeCloseTo(1, 2);
    expect(await place()).toEqual(before);
  });

  test("outside the map the arrows scroll the page", async () => {
    const page = await open();
    const before = await middleOf(page, card("Acme Security"));
    await page.locator("#connections h2").click();
    const scrolled = async () => Number(await page.evaluate("scrollY"));
    const top = await scrolled();
    await page.keyboard.press("ArrowDown");
    await expect.poll(scrolled).toBeGreaterThan(top);
    // The map has not moved within the page.
    const moved = async () =>
      Math.abs(before.y - (await middleOf(page, card("Acme Security"))).y - (await scrolled()));
    await expect.poll(moved).toBeLessThan(1);
  });
});

describe("by pointer", () => {
  test("over an organization: types, creator, age and the stack that manages, or that none does", async () => {
    const page = await pages.open(html, {});
    await page.clock.setFixedTime(NOW);
    await page.hover(card("Acme Security"));
    const details = page.locator("#details");
    expect(await details.locator("h3").allTextContents()).toEqual(["Receives from (58)"]);
    await page.hover(card("Acme Data Science"));
    const received = details.locator("li").filter({ hasText: "Acme Vendor Trial" });
    expect(await received.locator(".chip").allTextContents()).toEqual(["audit", "logs", "metrics"]);
    expect(await received.locator(".fact").allTextContents()).toEqual([
      expect.stringMatching(/^created 2[0-4] months ago \(202\d-\d\d-\d\d\) by Kim Berg$/),
      "managed by no stack",
    ]);
    const shared = details.locator("li").filter({ hasText: "Acme Observability" });
    expect(await shared.locator(".fact").last().textContent()).toBe("managed by acme/prod");
    await page.mouse.move(5, 5);
    expect(await details.isVisible()).toBe(false);
  });

  test("over a line: who shares with whom", async () => {
    const page = await open();
    await page.hover("g.label.unmanaged >> nth=0");
    expect(await page.locator("#details .who").allTextContents()).toEqual([
      "Acme Search with Acme Data Science",
    ]);
    expect(await page.locator("g.link.lit").count()).toBe(1);
    expect(await page.locator(".organization.lit").count()).toBe(2);
  });

  test("dragging moves, the wheel zooms at its place, a click keeps an organization's details", async () => {
    const page = await open();
    const before = await middleOf(page, card("Acme Security"));
    await page.mouse.move(700, 840);
    await page.mouse.move(600, 780);
    await page.mouse.down();
    await page.mouse.move(560, 760);
    await page.mouse.up();
    await expect
      .poll(async () => Math.round((await middleOf(page, card("Acme Security"))).x - before.x))
      .toBe(-40);
    const size = await scaleOf(page);
    const { x, y } = await middleOf(page, card("Acme Security"));
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -100);
    await expect.poll(() => scaleOf(page)).toBeGreaterThan(size * 1.1);
    expect(Math.abs((await middleOf(page, card("Acme Security"))).x - x)).toBeLessThan(2);
    await page.mouse.click(x, y);
    await page.mouse.move(5, 5);
    expect(await page.locator("#details h2").textContent()).toBe("Acme Security");
  });

  test("an entry of the legend shows only what it names", async () => {
    const page = await open();
    await page.click("button.unmanaged");
    expect(await page.locator("g.link.lit").count()).toBe(2);
    expect(await page.locator("button.unmanaged").getAttribute("aria-pressed")).toBe("true");
    await page.click("button.unmanaged");
    expect(await page.locator(".lighting").count()).toBe(0);
  });
});

describe("for everybody", () => {
  test.each(["light", "dark"] as const)("axe finds nothing wrong in %s colours", async (colorScheme) => {
    const page = await open({ colorScheme });
    await page.locator("#find").fill("fraud tokyo");
    const file = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    await page.evaluate(readFileSync(file, "utf8"));
    const found = (await page.evaluate<unknown>("axe.run()")) as {
      violations: { id: string; nodes: { html: string }[] }[];
    };
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
  });

  test("light and dark follow the reader's choice", async () => {
    const ground = async (colorScheme: "light" | "dark") =>
      (await open({ colorScheme })).evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await ground("light")).toBe("rgb(255, 255, 255)");
    expect(await ground("dark")).toBe("rgb(15, 20, 29)");
  });

  test("without script the drawing and the list are there", async () => {
    const page = await open({ javaScriptEnabled: false });
    expect(await page.locator("#drawing [data-organization]").count()).toBe(200);
    expect(await page.locator("tbody tr:visible").count()).toBe(257);
  });

  test("on paper stand the whole drawing and the whole list, whatever was found before", async () => {
    const page = await open();
    await page.locator("#find").fill("fraud tokyo");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("tbody tr:visible").count()).toBe(257);
    expect(await page.locator("#details").isVisible()).toBe(false);
    const view = await page.locator("#view").boundingBox();
    const last = await page.locator(card("Acme Security")).boundingBox();
    expect(last && view && last.x + last.width <= view.x + view.width).toBe(true);
  });

  test("on a narrow screen nothing is cut off", async () => {
    const page = await open({ viewport: { width: 390, height: 800 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });
});

test("the page's policy stops requests and foreign script, and the tests would see them", async () => {
  const page = await open();
  await page.evaluate(`fetch("https://example.com/").catch(() => {})`);
  await page.evaluate(
    `{ const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.body.append(s); }`,
  );
  await expect.poll(() => pages.troubles.length).toBeGreaterThanOrEqual(2);
  expect(await page.evaluate("window.ran")).toBeUndefined();
  expect(pages.troubles.splice(0).join("\n")).toMatch(/connect-src|default-src[\s\S]*script-src/);
});
