import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { getAsset, isSea } from "node:sea";
import details from "./page/details.js?raw";
import drawingStyle from "./page/drawing.css?raw";
import model from "./page/model.js?raw";
import page from "./page/page.js?raw";
import pageStyle from "./page/page.css?raw";
import view from "./page/view.js?raw";
import { formatTypes } from "datadog-org-connections-core/connection/format-connection.js";
import { escapeInvisible } from "datadog-org-connections-core/text/escape-text.js";
import { isManaged } from "../../topology/group-topology.js";
import { formatSummary } from "../../topology/labels.js";
import type { Topology, TopologyConnection } from "../../topology/topology.js";
import { computeGroupedLayout, type GroupedLayout } from "./layout.js";
import { createDrawing, createLegend, escapeXml } from "./svg.js";

/** The scripts of the page, except Panzoom, in the order of their dependencies. */
const SCRIPTS = [view, model, details, page];

/**
 * Renders the topology as a page in a single file. The content security policy of the page blocks all requests. It allows only the
 * styles and scripts whose hashes it contains. Without JavaScript, the page still shows the drawing and the table.
 *
 * @param options.title - the title of the page
 * @param options.at - the time that the page shows: `As of …`
 */
export async function renderHtml(
  topology: Topology,
  { title, at }: { title: string; at: Date },
): Promise<string> {
  const groupedLayout = await computeGroupedLayout(topology);
  const { viewBox, body } = createDrawing(topology, groupedLayout, { forPage: true });
  const styles = `${[drawingStyle, pageStyle].map(trimEnd).join("\n")}\n`;
  const scripts = [readPanzoom(), `(() => {\n"use strict";\n${SCRIPTS.map(trimEnd).join("\n")}\n})();\n`];
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `style-src ${computeHash(styles)}`,
    `script-src ${scripts.map(computeHash).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const timestamp = at.toISOString();
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
<p>${escapeXml(formatSummary(topology))}. As of <time datetime="${timestamp}">${timestamp.slice(0, 16).replace("T", " ")} UTC</time>.</p>
</div>
<div class="search" role="search">
<label for="find">Find an organization by name or UUID</label>
<input id="find" type="search" autocomplete="off" spellcheck="false" aria-describedby="found">
<p id="found" role="status" aria-live="polite"></p>
</div>
</header>
<main>
<p class="keys"><kbd>/</kbd> find · <kbd>Tab</kbd> next organization · <kbd>Enter</kbd> center it · <kbd>Arrow keys</kbd> move · <kbd>+</kbd> <kbd>-</kbd> zoom · <kbd>0</kbd> show all · <kbd>Esc</kbd> clear</p>
<section id="stage" tabindex="0" aria-label="Map: who shares what with whom. Use the arrow keys to move, and plus and minus to zoom.">
<div class="canvas"><svg id="view" tabindex="-1" role="group" aria-label="Organizations"><g id="scene"><svg id="drawing" viewBox="${viewBox}">
${body}
</svg></g></svg>
<aside id="details" aria-label="Details" hidden></aside></div>
<div class="bars"><div class="bar" role="group" aria-label="Show only">${renderLegendButtons(topology)}</div>
<div class="bar zoom" role="group" aria-label="Zoom"><button type="button" data-action="in" aria-label="Zoom in">+</button><button type="button" data-action="out" aria-label="Zoom out">−</button><button type="button" data-action="fit">All</button></div></div>
</section>
<section id="connections" tabindex="-1">
<h2>All connections</h2>
${renderConnectionTable(topology)}
</section>
</main>
<script type="application/json" id="data">${renderData(topology, groupedLayout)}</script>
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

function renderLegendButtons(topology: Topology): string {
  return createLegend(topology)
    .map(
      ({ className, text }) =>
        `<button type="button" class="${className}" data-filter="${className}" aria-pressed="false"><i></i>${escapeXml(text)}</button>`,
    )
    .join("");
}

/**
 * Renders the table below the map, with one row for each connection. Without connections, renders a sentence. The table is also for
 * print and assistive technology.
 */
function renderConnectionTable(topology: Topology): string {
  const { organizations, connections } = topology;
  if (connections.length === 0) return "<p>There are no connections.</p>";
  const names = new Map(organizations.map(({ id, name }) => [id, name] as const));
  // The script of the page fills in the age.
  const rows = connections.map((connection, index) => {
    const formatName = (id: string) => `<bdi>${escapeXml(names.get(id) ?? id)}</bdi>`;
    const created = (connection.createdAt ?? "").slice(0, 10);
    return [
      `<tr data-connection="${index}"><th scope="row">${formatName(connection.sourceOrgId)}</th><td>${formatName(connection.sinkOrgId)}</td>`,
      `<td>${escapeXml(formatTypes(connection.connectionTypes))}</td>`,
      `<td>${created === "" ? "" : `<time datetime="${escapeXml(connection.createdAt ?? "")}">${escapeXml(created)}</time>`}</td>`,
      `<td class="age" data-created-at="${escapeXml(connection.createdAt ?? "")}"></td>`,
      `<td><bdi>${escapeXml(connection.createdBy ?? "")}</bdi></td>`,
      `<td>${renderManagedCell(connection, topology)}</td><td class="id">${escapeXml(connection.id ?? "")}</td></tr>`,
    ].join("");
  });
  const headings = [
    "Source",
    "Destination",
    "Types",
    "Created",
    "Age",
    "Creator",
    "Managed by",
    "Connection ID",
  ];
  return `<div class="table"><table>
<thead><tr>${headings.map((heading) => `<th scope="col">${heading}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

function renderManagedCell(connection: TopologyConnection, topology: Topology): string {
  const managed = isManaged(connection, topology);
  if (managed === undefined) return "";
  if (!managed) return `<span class="warn">unmanaged</span>`;
  const { managedBy = [], declaredTypes } = connection;
  const drift =
    declaredTypes && ` <span class="warn">drifted from ${escapeXml(formatTypes(declaredTypes))}</span>`;
  return `<bdi>${escapeXml(managedBy.join(", "))}</bdi>${drift ?? ""}`;
}

/**
 * Reads the source code of Panzoom, the library for panning and zooming. Panzoom is a dependency, and is not compiled into this
 * package, so that `npm audit` and updates include Panzoom. The single executable has it as an asset.
 */
function readPanzoom(): string {
  const script = isSea()
    ? getAsset(PANZOOM, "utf8")
    : readFileSync(createRequire(__filename).resolve(PANZOOM), "utf8");
  return requireSafeScript(script);
}

const PANZOOM = "@panzoom/panzoom/dist/panzoom.min.js";

/** Renders the data for the scripts of the page (`Data` in page/model.js). */
function renderData(topology: Topology, { grouped }: GroupedLayout): string {
  const indexById = new Map(topology.organizations.map(({ id }, index) => [id, index] as const));
  const data = {
    organizations: topology.organizations.map(({ id, name }) => ({ id, name: escapeInvisible(name) })),
    connections: topology.connections.map((connection) => ({
      id: connection.id,
      source: indexById.get(connection.sourceOrgId),
      sink: indexById.get(connection.sinkOrgId),
      types: connection.connectionTypes.map(escapeInvisible),
      declaredTypes: connection.declaredTypes?.map(escapeInvisible),
      createdAt: connection.createdAt && escapeInvisible(connection.createdAt),
      createdBy: connection.createdBy && escapeInvisible(connection.createdBy),
      managedBy: connection.managedBy?.map(escapeInvisible),
    })),
    links: grouped.links.map(({ connections }) => connections),
    stacksKnown: topology.stacks !== undefined,
  };
  return requireSafeScript(JSON.stringify(data).replace(/</g, "\\u003c"));
}

/**
 * Returns the text unchanged if it is safe as the content of a `<script>` element.
 *
 * @throws if the content contains a string that would change where the element ends
 */
function requireSafeScript(text: string): string {
  if (/<\/script|<!--/i.test(text))
    throw new Error(
      "A script of the page contains a string that would change where its <script> element ends.",
    );
  return text;
}

const trimEnd = (text: string): string => text.trimEnd();

const computeHash = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
