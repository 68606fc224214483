import { micromark, parse, postprocess, preprocess } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/**
 * The parts of a page that our tests and the packing of the packages need. Offsets are those of the source.
 * @typedef {{ line: number, start: number, end: number }} Place
 * @typedef {Place & { url: string, urlStart: number, urlEnd: number, text: string, isPicture: boolean }} Link
 * @typedef {Place & { level: number, text: string }} Heading `text` is what readers see
 * @typedef {Place & { source: string }} Block
 * @typedef {Place & { info: string, lines: string[] }} Fence a fenced block; `info` is the text after the opening fence
 * @typedef {{ links: Link[], headings: Heading[], html: Block[], references: Block[],
 *   codeSpans: Block[], fences: Fence[] }} Page
 */

/** @typedef {Parameters<typeof postprocess>[0][number][1]} Token */

/**
 * Parses Markdown as GitHub does.
 * @param {string} source
 * @returns {Page}
 */
export function parseMarkdown(source) {
  const document = parse({ extensions: [gfm()] }).document();
  const events = postprocess(document.write(preprocess()(source, undefined, true)));
  /** @type {Page} */
  const page = {
    links: [],
    headings: [],
    html: [],
    references: [],
    codeSpans: [],
    fences: [],
  };
  /** @type {Token[]} */
  const parents = [];
  for (const [kind, token] of events) {
    if (kind === "exit") {
      parents.pop();
      continue;
    }
    addToken(page, token, parents, source);
    addToFence(page.fences, token, parents, source);
    parents.push(token);
  }
  return page;
}

/**
 * @param {Page} page
 * @param {Token} token
 * @param {Token[]} parents outermost first
 * @param {string} source
 */
function addToken(page, token, parents, source) {
  const text = source.slice(token.start.offset, token.end.offset);
  const block = { ...getPlace(token), source: text };
  const type = token.type;
  if (type === "codeText") page.codeSpans.push(block);
  else if (type === "htmlFlow" || type === "htmlText") page.html.push(block);
  else if (type === "reference" || type === "definition") page.references.push(block);
  else if (type === "atxHeadingText") {
    const heading = /** @type {Token} */ (parents.at(-1));
    const level = /^#+/.exec(source.slice(heading.start.offset))?.[0].length ?? 1;
    page.headings.push({ ...getPlace(heading), level, text: readVisibleText(text) });
  } else if (type === "resourceDestinationString") {
    const link = /** @type {Token} */ (parents.findLast(({ type }) => type === "link" || type === "image"));
    const isPicture = link.type === "image";
    page.links.push({
      ...getPlace(link),
      url: text,
      urlStart: token.start.offset,
      urlEnd: token.end.offset,
      text: source.slice(link.start.offset + (isPicture ? 2 : 1), getLabelEnd(source, token)),
      isPicture,
    });
  }
}

/**
 * Adds a token to the last fence if it is a part of it. The lines are those of the tokens, because the source of a fence in a
 * list or quotation has the marks of it in each line.
 * @param {Fence[]} fences
 * @param {Token} token
 * @param {Token[]} parents
 * @param {string} source
 */
function addToFence(fences, token, parents, source) {
  const { type, start, end } = token;
  if (type === "codeFenced") {
    const lines = new Array(Math.max(0, end.line - start.line - 1)).fill("");
    fences.push({ ...getPlace(token), info: "", lines });
  }
  const fence = fences.at(-1);
  if (fence === undefined || !parents.some((parent) => parent.type === "codeFenced")) return;
  const text = source.slice(start.offset, end.offset);
  if (type === "codeFencedFenceInfo") fence.info = text;
  else if (type === "codeFencedFenceMeta") fence.info += ` ${text}`;
  else if (type === "codeFlowValue") fence.lines[start.line - fence.line - 1] = text;
}

/**
 * The label of a link ends before `](`, which precedes its destination.
 * @param {string} source
 * @param {Token} destination
 */
const getLabelEnd = (source, destination) => source.lastIndexOf("](", destination.start.offset);

/**
 * @param {Token} token
 * @returns {Place}
 */
const getPlace = ({ start, end }) => ({ line: start.line, start: start.offset, end: end.offset });

/** @type {Record<string, string>} */
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' };

/**
 * Returns what readers see of inline Markdown.
 * @param {string} markdown
 */
function readVisibleText(markdown) {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(?:amp|lt|gt|quot);/g, (entity) => ENTITIES[entity] ?? entity)
    .trim();
}
