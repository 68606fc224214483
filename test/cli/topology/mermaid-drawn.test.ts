import { ROOT } from "../../tree.js";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { mermaidOf } from "../../../cli/src/topology/mermaid.js";
import type { Topology } from "../../../cli/src/topology/topology.js";
import { usePages } from "../commands/map/pages.js";

/** The Mermaid that browsers get, as one file. Not the newest: GitHub and GitLab do not draw with that either. */
const MERMAID = path.join(ROOT, "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js");
const GOLDEN = path.join(ROOT, "test/cli/commands/review/golden");
const reports = readdirSync(GOLDEN);

interface Drawn {
  /** Texts of nodes and of lines, in the order of the diagram. */
  nodes: string[];
  edges: string[];
  /** Colours of the lines. */
  strokes: string[];
  /** Elements that only markup in a name could have brought. */
  strangers: number;
}

const pages = usePages();

/** Draws a diagram as GitHub does, with Mermaid's own limits, in a real browser. */
async function draw(diagram: string): Promise<Drawn> {
  const page = await pages.open("<!doctype html><title>Mermaid</title><main></main>");
  await page.addScriptTag({ path: MERMAID });
  return page.evaluate<Drawn>(`(async () => {
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
    const { svg } = await mermaid.render("drawn", ${JSON.stringify(diagram)});
    const main = document.querySelector("main");
    main.innerHTML = svg;
    const texts = (selector) =>
      [...main.querySelectorAll(selector)].map((one) => one.textContent.replaceAll("\\u200b", "").trim());
    return {
      nodes: texts(".node .nodeLabel"),
      edges: texts(".edgeLabel .edgeLabel").filter((text) => text !== ""),
      strokes: [...main.querySelectorAll(".edgePaths path")].map((one) => one.style.stroke),
      strangers: main.querySelectorAll("script, img, a, b, i, em, strong, ul, ol, code, [onerror]").length,
    };
  })()`);
}

describe("Mermaid draws", () => {
  test.each(reports)("the diagram of the report %s", async (file) => {
    const report = readFileSync(path.join(GOLDEN, file), "utf8");
    const [, diagram = ""] = /^```mermaid\n(.*?)\n```$/ms.exec(report) ?? [];
    const { nodes, edges, strokes } = await draw(diagram);
    const wanted = (pattern: RegExp) => [...diagram.matchAll(pattern)].map(([, text]) => text);
    expect(nodes).toEqual(wanted(/^ {2}o\d+\["(.*)"\]$/gm));
    expect(edges).toEqual(wanted(/-->\|"(.*)"\|/g));
    const coloured = wanted(/linkStyle ([\d,]+) /g).flatMap((list) => list?.split(",") ?? []);
    expect(strokes.filter((colour) => colour !== "")).toHaveLength(coloured.length);
  });

  test("as many connections as it is given at most", async () => {
    const { text } = mermaidOf({
      organizations: Array.from({ length: 401 }, (_, at) => ({ id: `${at}`, name: `A long name ${at}` })),
      connections: Array.from({ length: 500 }, (_, at) => ({
        sourceOrgId: "0",
        sinkOrgId: `${(at % 400) + 1}`,
        connectionTypes: ["audit", "logs", "metrics"],
        change: "changed" as const,
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
  ])("an organization that is called %s by that name", async (name) => {
    const topology: Topology = {
      organizations: [
        { id: "a", name },
        { id: "b", name: "Hub" },
      ],
      connections: [{ sourceOrgId: "a", sinkOrgId: "b", connectionTypes: [name] }],
    };
    const { nodes, edges, strangers } = await draw(mermaidOf(topology).text);
    expect([nodes, edges, strangers]).toEqual([[name, "Hub"], [name], 0]);
  });
});
