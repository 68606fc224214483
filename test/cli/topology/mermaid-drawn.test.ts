import { ROOT } from "../../tree.js";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { formatMermaid } from "../../../cli/src/topology/mermaid.js";
import type { Topology } from "../../../cli/src/topology/topology.js";
import { usePages } from "../commands/map/use-pages.js";

/** Mermaid for browsers, as one file. GitHub and GitLab do not use the newest version either. */
const MERMAID = path.join(ROOT, "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js");
const GOLDEN = path.join(ROOT, "test/cli/commands/review/golden");
const reports = readdirSync(GOLDEN);

interface DrawnDiagram {
  /** Labels of nodes and lines, in the order of the diagram. */
  nodes: string[];
  edges: string[];
  /** Colors of the lines. */
  strokes: string[];
  /** Count of elements that only markup in a name could have added. */
  undeclared: number;
}

const pages = usePages({ areShared: true });
let loaded: Promise<Page> | undefined;

/** Opens a page with Mermaid, which takes most of the time of a diagram. */
async function loadMermaid(): Promise<Page> {
  const page = await pages.open("<!doctype html><title>Mermaid</title><main></main>");
  await page.addScriptTag({ path: MERMAID });
  return page;
}

/** Draws a diagram as GitHub does, with Mermaid's own limits, in a real browser. */
async function draw(diagram: string): Promise<DrawnDiagram> {
  const page = await (loaded ??= loadMermaid());
  return page.evaluate<DrawnDiagram>(`(async () => {
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
    const { svg } = await mermaid.render("drawn", ${JSON.stringify(diagram)});
    const main = document.querySelector("main");
    main.innerHTML = svg;
    const listLabels = (selector) =>
      [...main.querySelectorAll(selector)].map((one) => one.textContent.replaceAll("\\u200b", "").trim());
    return {
      nodes: listLabels(".node .nodeLabel"),
      edges: listLabels(".edgeLabel .edgeLabel").filter((text) => text !== ""),
      strokes: [...main.querySelectorAll(".edgePaths path")].map((one) => one.style.stroke),
      undeclared: main.querySelectorAll("script, img, a, b, i, em, strong, ul, ol, code, [onerror]").length,
    };
  })()`);
}

describe("Mermaid draws", () => {
  test.each(reports)("the diagram of the report %s", async (file) => {
    const report = readFileSync(path.join(GOLDEN, file), "utf8");
    const [, diagram = ""] = /^```mermaid\n(.*?)\n```$/ms.exec(report) ?? [];
    const { nodes, edges, strokes } = await draw(diagram);
    const findAll = (pattern: RegExp) => [...diagram.matchAll(pattern)].map(([, text]) => text);
    expect(nodes).toEqual(findAll(/^ {2}o\d+\["(.*)"\]$/gm));
    expect(edges).toEqual(findAll(/-->\|"(.*)"\|/g));
    const colored = findAll(/linkStyle ([\d,]+) /g).flatMap((list) => list?.split(",") ?? []);
    expect(strokes.filter((color) => color !== "")).toHaveLength(colored.length);
  });

  test("the maximum count of connections", async () => {
    const { text } = formatMermaid({
      organizations: Array.from({ length: 401 }, (_, at) => ({ id: `${at}`, name: `A long name ${at}` })),
      connections: Array.from({ length: 500 }, (_, at) => ({
        sourceOrgId: "0",
        sinkOrgId: `${(at % 400) + 1}`,
        connectionTypes: ["audit", "logs", "metrics"],
        change: "updated" as const,
      })),
    });
    expect((await draw(text)).edges).toHaveLength(400);
  });

  test.each([
    "1. Payments",
    "- Payments",
    "* Payments",
    "# Payments",
    "**Payments** _EU_ `x`",
    'Pay"ments"]; click o0 href "x"',
    "<img src=x onerror=alert(1)><b>Payments</b>",
    "&lt;b&gt; &amp; #35; #quot;",
    "$$x^2$$ \\n %% {{x}} | end",
    "[Payments](https://example.com)",
    "https://example.com",
    "fa:fa-car :rocket: @x",
    "end",
    "支払い 🚀 حسابات",
  ])("an organization named %s with that name", async (name) => {
    const topology: Topology = {
      organizations: [
        { id: "a", name },
        { id: "b", name: "Hub" },
      ],
      connections: [{ sourceOrgId: "a", sinkOrgId: "b", connectionTypes: [name] }],
    };
    const { nodes, edges, undeclared } = await draw(formatMermaid(topology).text);
    expect([nodes, edges, undeclared]).toEqual([[name, "Hub"], [name], 0]);
  });
});
