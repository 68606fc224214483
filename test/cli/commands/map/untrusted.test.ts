import { beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../../../cli/src/commands/map/html.js";
import { escapeInvisible } from "../../../../core/src/text/escape-text.js";
import { buildTopology } from "../../../../cli/src/topology/build-topology.js";
import { renderSvg } from "../../../../cli/src/commands/map/svg.js";
import { usePages } from "./use-pages.js";

/** Malicious and unusual names of organizations, users, types and stacks. */
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
const topology = buildTopology(
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
/** Normalizes white space, like a page. */
const normalize = (text: string) => text.replace(/\s+/g, " ").trim();
const toVisible = (name: string) => normalize(escapeInvisible(name));

const pages = usePages();
let html = "";
beforeAll(async () => {
  html = await renderHtml(topology, { title, at: new Date("2026-11-25T09:00:00Z") });
});

describe("malicious names", () => {
  test("run no script, add no element, and are shown unchanged", async () => {
    const page = await pages.open(html);
    expect(await page.evaluate("window.ran")).toBeUndefined();
    expect(await page.locator("img, svg svg svg, [onload], [onerror], [onfocus], [autofocus]").count()).toBe(
      0,
    );
    expect(await page.locator("script").count()).toBe(3);
    expect(await page.locator("[data-organization]").count()).toBe(names.length + 1);
    expect(await page.locator("h1").textContent()).toBe(escapeInvisible(title));
    const firsts = await page.locator("tbody th").allTextContents();
    expect(firsts.map(normalize).toSorted()).toEqual(names.map(toVisible).toSorted());
  });

  test("are shown unchanged in the details of an organization, and found by search", async () => {
    const page = await pages.open(html);
    for (const name of names) {
      await page.locator("#find").fill(toVisible(name).slice(0, 30));
      const heading = (await page.locator("#details h2").textContent()) ?? "";
      const found = await page.locator(".organization.found").count();
      expect(found, name).toBeGreaterThan(0);
      if (found === 1) expect(normalize(heading)).toBe(toVisible(name));
    }
    expect(await page.evaluate("window.ran")).toBeUndefined();
  });

  test("are shortened in the drawing to fit their cards", async () => {
    const page = await pages.open(html);
    for (const card of await page.locator("[data-organization]").all()) {
      const outer = await card.locator("rect").boundingBox();
      const inner = await card.locator(".name").boundingBox();
      expect((inner?.x ?? 0) - (outer?.x ?? 0)).toBeGreaterThan(-1);
      expect((inner?.width ?? 0) - (outer?.width ?? 0)).toBeLessThan(1);
    }
  });

  test("leave an SVG well-formed and without scripts", async () => {
    const svg = await renderSvg(topology, { title });
    const page = await pages.open("<!doctype html><title>Empty</title>");
    const parsed = await page.evaluate<string>(`(() => {
      const parsed = new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml");
      const names = [...parsed.querySelectorAll("*")].map(({ localName }) => localName);
      return [...new Set(names)].sort().join(" ");
    })()`);
    expect(parsed).toBe("desc g path rect style svg text title");
  });
});
