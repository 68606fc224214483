import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import details from "./page/details.js?raw";
import drawingStyle from "./page/drawing.css?raw";
import model from "./page/model.js?raw";
import page from "./page/page.js?raw";
import pageStyle from "./page/page.css?raw";
import view from "./page/view.js?raw";
import { pictureOf, type Picture } from "./layout.js";
import { drawingOf } from "./svg.js";
import { legendOf } from "./svg-legend.js";
import { tableOf } from "./html-table.js";
import { escapeXml } from "./drawn-text.js";
import { escapeInvisible } from "datadog-org-connections-core/api/invisible.js";
import type { Topology } from "../../topology/topology.js";
import { formatSummary } from "../../topology/words.js";

/** In the order in which the page needs them. */
const SCRIPTS = [view, model, details, page];

/**
 * The topology as a page of one file. It asks for nothing: its policy allows its own style and script, by their hashes,
 * and no request at all. Without script it still shows the drawing and the list.
 *
 * @param options.title whose connections these are
 * @param options.at when they were seen
 */
export async function htmlOf(
  topology: Topology,
  { title, at }: { title: string; at: Date },
): Promise<string> {
  const picture = await pictureOf(topology);
  const { viewBox, body } = drawingOf(topology, picture, { focusable: true });
  const styles = `${[drawingStyle, pageStyle].map(trimEnd).join("\n")}\n`;
  const scripts = [panzoom(), `(() => {\n"use strict";\n${SCRIPTS.map(trimEnd).join("\n")}\n})();\n`];
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `style-src ${hashOf(styles)}`,
    `script-src ${scripts.map(hashOf).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const moment = at.toISOString();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeXml(title)}</title>
<style>${styles}</style>
</head>
<body class="map">
<a class="skip" href="#connections">Skip to the list of connections</a>
<header>
<div>
<h1>${escapeXml(title)}</h1>
<p>${escapeXml(formatSummary(topology))}. Seen <time datetime="${moment}">${moment.slice(0, 16).replace("T", " ")} UTC</time>.</p>
</div>
<div class="search" role="search">
<label for="find">Find an organization, by name or UUID</label>
<input id="find" type="search" autocomplete="off" spellcheck="false" aria-describedby="found">
<p id="found" role="status" aria-live="polite"></p>
</div>
</header>
<main>
<p class="keys"><kbd>/</kbd> find · <kbd>Tab</kbd> next organization · <kbd>Enter</kbd> bring it to the middle · <kbd>Arrows</kbd> move · <kbd>+</kbd> <kbd>-</kbd> zoom · <kbd>0</kbd> all · <kbd>Esc</kbd> clear</p>
<section id="stage" tabindex="0" aria-label="Map: who shares what with whom. Arrow keys move it, plus and minus zoom.">
<svg id="view" tabindex="-1" role="group" aria-label="Organizations"><g id="scene"><svg id="drawing" viewBox="${viewBox}">
${body}
</svg></g></svg>
<div class="bar" role="group" aria-label="Show only">${legendButtons(topology)}</div>
<div class="bar zoom" role="group" aria-label="Zoom"><button type="button" data-action="in" aria-label="Zoom in">+</button><button type="button" data-action="out" aria-label="Zoom out">−</button><button type="button" data-action="fit">All</button></div>
<aside id="details" aria-label="Details" hidden></aside>
</section>
<section id="connections" tabindex="-1">
<h2>All connections</h2>
${tableOf(topology)}
</section>
</main>
<script type="application/json" id="data">${jsonFor(topology, picture)}</script>
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

function legendButtons(topology: Topology): string {
  return legendOf(topology)
    .map(
      ({ look, text }) =>
        `<button type="button" class="${look}" data-look="${look}" aria-pressed="false"><i></i>${escapeXml(text)}</button>`,
    )
    .join("");
}

/** The library that pans and zooms, from its package. */
function panzoom(): string {
  const file = createRequire(__filename).resolve("@panzoom/panzoom/dist/panzoom.min.js");
  return inScript(readFileSync(file, "utf8"));
}

/** What the page's script knows (its `Data`, page/model.js). */
function jsonFor(topology: Topology, { drawn }: Picture): string {
  const place = new Map(topology.organizations.map(({ id }, at) => [id, at] as const));
  const data = {
    organizations: topology.organizations.map(({ id, name }) => ({ id, name: escapeInvisible(name) })),
    connections: topology.connections.map((one) => ({
      id: one.id,
      source: place.get(one.sourceOrgId),
      sink: place.get(one.sinkOrgId),
      types: one.connectionTypes.map(escapeInvisible),
      createdAt: one.createdAt && escapeInvisible(one.createdAt),
      createdBy: one.createdBy && escapeInvisible(one.createdBy),
      managedBy: one.managedBy?.map(escapeInvisible),
    })),
    links: drawn.links.map(({ connections }) => connections),
    stacksKnown: topology.stacks !== undefined,
  };
  return inScript(JSON.stringify(data).replace(/</g, "\\u003c"));
}

/** Nothing in a script may end it. */
function inScript(text: string): string {
  if (/<\/script|<!--/i.test(text)) throw new Error("A script of the page holds what would end it.");
  return text;
}

const trimEnd = (text: string): string => text.trimEnd();

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
