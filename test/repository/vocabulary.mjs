import { readFileSync } from "node:fs";
import { basename } from "node:path";
import ts from "typescript";

/**
 * @typedef {object} Term one row of the glossary
 * @property {string} thing what is named
 * @property {string} word what it is called
 * @property {string[]} identifiers regular expressions of words that an identifier must not have. Its words are in lower
 *   case and separated by spaces: `maxAttempts` is `max attempts`
 * @property {string[]} prose regular expressions that comments, strings and pages must not match
 * @property {boolean} [caseSensitive] whether upper case matters in `prose`
 * @property {string[]} [functions] regular expressions that the whole name of a function must not match
 * @property {string[]} [verbs] the first words of the functions of the packages
 * @property {{ identifiers: string[], prose: string[], functions?: string[] }} examples of what is found
 */

/** @type {Term[]} */
export const glossary = JSON.parse(readFileSync(new URL("glossary.json", import.meta.url), "utf8"));

const verbs = new Set(glossary.flatMap(({ verbs: list = [] }) => list));
/** `handler` is a name that states of Pulumi refer to; `richText` is a template tag, like `css` and `sql`. */
const NOUNS = new Set(["handler", "richText"]);

const terms = glossary.map(({ word, identifiers, prose, caseSensitive, functions = [] }) => ({
  word,
  identifier: identifiers.length > 0 ? new RegExp(`\\b(?:${identifiers.join("|")})\\b`) : undefined,
  prose: prose.length > 0 ? new RegExp(prose.join("|"), caseSensitive ? "g" : "gi") : undefined,
  functionName: functions.length > 0 ? new RegExp(`^(?:${functions.join("|")})$`) : undefined,
}));

/**
 * Finds the words of a file that the glossary replaces.
 * @param {string} file its path relative to the root; a name of code is parsed as code
 * @param {string} text its content
 * @returns {string[]} one line for each: the place, the word, and what to write instead
 */
export function findReplacedWords(file, text) {
  const { names, functions, prose } = /\.[mc]?[tj]s$/.test(file)
    ? parseCode(file, text)
    : { names: [], functions: [], prose: [{ text, line: 1 }] };
  const nouns = /^\w+\/src\//.test(file)
    ? functions.filter(({ name }) => !NOUNS.has(name) && !verbs.has(splitWords(name).split(" ")[0] ?? ""))
    : [];
  const fileName = { name: basename(file).replace(/\.[a-z.]+$/, ""), line: 1 };
  const found = terms.flatMap(({ word, identifier, prose: pattern, functionName }) => [
    ...[fileName, ...names]
      .filter(({ name }) => identifier?.test(splitWords(name)))
      .map(({ name, line }) => `${file}:${line}: identifier ${name}: ${word}`),
    ...functions
      .filter(({ name }) => functionName?.test(splitWords(name)))
      .map(({ name, line }) => `${file}:${line}: function ${name}: ${word}`),
    ...(pattern === undefined ? [] : prose.flatMap((part) => findInProse(part, pattern))).map(
      ({ match, line }) => `${file}:${line}: "${match}": ${word}`,
    ),
  ]);
  return [...found, ...nouns.map(({ name, line }) => `${file}:${line}: function ${name}: start with a verb`)];
}

/** @typedef {{ name: string, line: number }} Name */
/** @typedef {{ text: string, line: number }} Prose a piece of text and its first line in the file */

/**
 * @param {Prose} prose
 * @param {RegExp} pattern
 * @returns {{ match: string, line: number }[]}
 */
function findInProse({ text, line }, pattern) {
  // A sentence of a comment goes on in the next line, after its asterisk or slashes.
  const words = [...text.matchAll(/\S+/g)].filter(([word]) => !/^(?:\*+|\/\/+|\/\*\*?)$/.test(word));
  let joined = "";
  /** The place in `text` of each character of `joined`. @type {number[]} */
  const places = [];
  for (const { 0: word, index } of words) {
    joined += `${word} `;
    for (let at = 0; at <= word.length; at++) places.push(index + at);
  }
  return [...joined.matchAll(pattern)].map(({ 0: match, index }) => ({
    match,
    line: line + text.slice(0, places[index]).split("\n").length - 1,
  }));
}

/**
 * The names that a file declares, and its prose: comments and strings.
 * @param {string} file
 * @param {string} text
 */
function parseCode(file, text) {
  const kind = file.endsWith("ts") ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  /** @param {number} position */
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
  /** @type {Name[]} */
  const names = [];
  /** @type {Name[]} */
  const functions = [];
  /** By their places: two nodes may have the same comment. @type {Map<number, Prose>} */
  const prose = new Map();
  /** @param {number} start @param {number} end */
  const addProse = (start, end) => prose.set(start, { text: text.slice(start, end), line: lineAt(start) });
  /** @param {ts.Node} node */
  const visit = (node) => {
    for (const { pos, end } of [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ])
      addProse(pos, end);
    const { name } = /** @type {{ name?: ts.Node }} */ (node);
    if (name && declaresName(node) && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) {
      const declared = { name: name.text, line: lineAt(name.getStart(source)) };
      names.push(declared);
      if (isFunction(node)) functions.push(declared);
    }
    if (isString(node) && !isCode(node)) addProse(node.getStart(source), node.getEnd());
    node.forEachChild(visit);
  };
  visit(source);
  return { names, functions, prose: [...prose.values()] };
}

/** @param {ts.Node} node @returns {boolean} whether it declares its name: others only use it */
const declaresName = (node) =>
  !ts.isPropertyAccessExpression(node) && !ts.isImportSpecifier(node) && !ts.isMetaProperty(node);

/** @param {ts.Node} node */
const isString = (node) =>
  ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);

/** Whether a string is a path of an import, or source code that a mutant finds and replaces. @param {ts.Node} node */
function isCode({ parent }) {
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  const holder = ts.isBinaryExpression(parent) ? parent.parent : parent;
  return ts.isPropertyAssignment(holder) && /^(?:find|replace)$/.test(holder.name.getText());
}

/** @param {ts.Node} node @returns {boolean} */
const isFunction = (node) =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  (ts.isVariableDeclaration(node) &&
    node.initializer !== undefined &&
    (ts.isArrowFunction(node.initializer) || ts.isFunctionExpression(node.initializer)));

/**
 * The words of an identifier, in lower case: `MAX_ATTEMPTS` and `maxAttempts` are `max attempts`.
 * @param {string} name
 */
const splitWords = (name) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replaceAll(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();
