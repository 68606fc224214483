import path from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { ROOT } from "../../../tree.js";

/** Mermaid for browsers, as one file. */
export const MERMAID = path.join(ROOT, "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js");

/** The characters that the font of the packaged browser lacks, as drawings. */
const DRAWINGS: Record<string, string> = {
  "⛔":
    '<svg class="drawing" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9" fill="#d1242f"/>' +
    '<rect x="4" y="8" width="12" height="4" rx="1" fill="#fff"/></svg>',
  "→":
    '<svg class="drawing" viewBox="0 0 20 20"><path d="M2 10h15M11 4l6 6-6 6" fill="none" stroke="#1f2328" ' +
    'stroke-width="2.5"/></svg>',
};

/** Creates a page that shows a report as a comment on a pull request. `drawDiagrams()` draws its diagrams with Mermaid. */
export function createCommentPage(report: string): string {
  const html = micromark(report, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  }).replaceAll(/[⛔→]/g, (character) => DRAWINGS[character] ?? character);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A review comment</title>
<style>${STYLE}</style>
<main>
  <div class="avatar">CI</div>
  <article>
    <header><strong>ci-bot</strong> commented on this pull request</header>
    <div class="body">${html}</div>
  </article>
</main>
<script>${SCRIPT}</script>
</html>`;
}

const STYLE = `
:root { font: 14px/1.5 "Open Sans", "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: #1f2328; }
body { margin: 0; background: #fff; }
main { display: flex; gap: 14px; padding: 16px; width: 1008px; }
.avatar { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #632ca6; color: #fff; font-weight: 700;
  text-align: center; line-height: 40px; }
article { flex: 1; min-width: 0; border: 1px solid #d1d9e0; border-radius: 6px; }
header { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0;
  color: #59636e; }
header strong { color: #1f2328; }
.body { padding: 16px; overflow-wrap: break-word; }
.body > :first-child { margin-top: 0; }
.body > :last-child { margin-bottom: 0; }
h2 { margin: 16px 0 12px; padding-bottom: 0.3em; border-bottom: 1px solid #d1d9e0; font-size: 21px; line-height: 1.25; }
h3 { margin: 14px 0 8px; font-size: 16px; line-height: 1.25; }
p, ul, table, details { margin: 0 0 10px; }
ul { padding-left: 24px; }
li + li { margin-top: 2px; }
code { padding: 0.2em 0.4em; border-radius: 6px; background: #eff1f3; font-size: 85%; overflow-wrap: anywhere; }
table { border-collapse: collapse; }
th, td { padding: 2px 13px; border: 1px solid #d1d9e0; }
tr:nth-child(2n) td { background: #f6f8fa; }
.diagram { display: flex; justify-content: center; padding: 12px; border: 1px solid #d1d9e0; border-radius: 6px; margin-bottom: 12px; }
.diagram svg { max-width: 680px !important; }
.drawing { width: 1em; height: 1em; vertical-align: -0.12em; }
`;

const SCRIPT = `
async function drawDiagrams() {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", fontFamily: "Open Sans" });
  for (const [at, code] of [...document.querySelectorAll("code.language-mermaid")].entries()) {
    const { svg } = await mermaid.render("diagram-" + at, code.textContent);
    const diagram = document.createElement("div");
    diagram.className = "diagram";
    diagram.innerHTML = svg;
    code.parentElement.replaceWith(diagram);
  }
}
`;
