import { beforeAll, describe, expect, test } from "vitest";
import { htmlOf } from "../../../../cli/src/commands/map/html.js";
import { escapeInvisible } from "../../../../core/src/api/invisible.js";
import { topologyOf } from "../../../../cli/src/topology/rows.js";
import { svgOf } from "../../../../cli/src/commands/map/svg.js";
import { usePages } from "./pages.js";

/** What an organization, a user, a type or a stack could be called by somebody who means harm, or simply is. */
const names = [
  "</script><script>window.ran = 1</script>",
  '"><img src=x onerror="window.ran = 1">',
  "' autofocus onfocus='window.ran = 1",
  "<!-- <script>",
  "]]></style><svg onload=window.ran=1>",
  "javascript:window.ran=1",
  "${window.ran = 1} {{7*7}} `x`",
  "حسابات الشركة",
  "abc \u202e def",
  "🚀 Launch 👩‍👩‍👧",
  "日本の組織",
  "half \ud83d a pair, and \u0000\u0008 what XML forbids",
  "A name that never ends. ".repeat(40),
];
const text = names.join(" ");
const topology = topologyOf(
  names.map((name, at) => ({
    id: `connection ${name}`,
    source: { id: `id-${at}`, name },
    sink: { id: "hub", name: `Hub ${text}` },
    types: ["logs", name],
    createdAt: at === 0 ? name : "2026-01-01T00:00:00Z",
    createdBy: name,
    managedBy: at % 2 === 0 ? [name] : [],
  })),
  names,
);
const title = `Title ${text}`;
/** What a page shows: of what is printed, spaces as one. */
const onPage = (text: string) => text.replace(/\s+/g, " ").trim();
const shown = (name: string) => onPage(escapeInvisible(name));

const pages = usePages();
let html = "";
beforeAll(async () => {
  html = await htmlOf(topology, { title, at: new Date("2026-11-25T09:00:00Z") });
});

describe("names that mean harm", () => {
  test("run no script, bring no element, and are shown as they are", async () => {
    const page = await pages.open(html);
    expect(await page.evaluate("window.ran")).toBeUndefined();
    expect(await page.locator("img, svg svg svg, [onload], [onerror], [onfocus], [autofocus]").count()).toBe(
      0,
    );
    expect(await page.locator("script").count()).toBe(3);
    expect(await page.locator("[data-organization]").count()).toBe(names.length + 1);
    expect(await page.locator("h1").textContent()).toBe(escapeInvisible(title));
    const firsts = await page.locator("tbody th").allTextContents();
    expect(firsts.map(onPage).toSorted()).toEqual(names.map(shown).toSorted());
  });

  test("are told as they are when an organization is looked at, and found by search", async () => {
    const page = await pages.open(html);
    for (const name of names) {
      await page.locator("#find").fill(shown(name).slice(0, 30));
      const heading = (await page.locator("#details h2").textContent()) ?? "";
      const found = await page.locator(".organization.found").count();
      expect(found, name).toBeGreaterThan(0);
      if (found === 1) expect(onPage(heading)).toBe(shown(name));
    }
    expect(await page.evaluate("window.ran")).toBeUndefined();
  });

  test("are cut in the drawing before they leave their cards", async () => {
    const page = await pages.open(html);
    for (const card of await page.locator("[data-organization]").all()) {
      const outer = await card.locator("rect").boundingBox();
      const inner = await card.locator(".name").boundingBox();
      expect((inner?.x ?? 0) - (outer?.x ?? 0)).toBeGreaterThan(-1);
      expect((inner?.width ?? 0) - (outer?.width ?? 0)).toBeLessThan(1);
    }
  });

  test("leave an SVG well-formed, with nothing in it that runs", async () => {
    const svg = await svgOf(topology, { title });
    const page = await pages.open("<!doctype html><title>Empty</title>");
    const parsed = await page.evaluate<string>(`(() => {
      const parsed = new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml");
      const names = [...parsed.querySelectorAll("*")].map(({ localName }) => localName);
      return [...new Set(names)].sort().join(" ");
    })()`);
    expect(parsed).toBe("desc g path rect style svg text title");
  });
});
