import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/**
 * An interface, a class, an object of schemas, or (without members) a function or a type alias, with its documentation.
 * @typedef {object} Declaration
 * @property {string} description
 * @property {[string, Member][]} members including those of the interface that it extends
 *
 * A documented member. A member of an object of schemas has an initializer instead of a type.
 * @typedef {object} Member
 * @property {string} description
 * @property {boolean} isOptional
 * @property {ts.TypeNode} [type]
 * @property {ts.Expression} [initializer]
 */

/** @typedef {Map<string, Declaration>} Declarations Declarations by name. */

/**
 * Reads the declarations of source files. It parses only these files, without the type checker, because a check of all sources takes
 * ten seconds.
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {Declarations}
 */
export function readDeclarations(root, files) {
  const declarations = new Map();
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements) {
      for (const [name, members] of listDeclarations(statement, declarations))
        declarations.set(name, { description: describe(statement), members });
    }
  }
  return declarations;
}

/**
 * @param {ts.Statement} statement
 * @param {Declarations} known
 * @returns {[string, [string, Member][]][]}
 */
function listDeclarations(statement, known) {
  if (ts.isFunctionDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return [[String(statement.name?.text), []]];
  if (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) {
    const parents = (statement.heritageClauses ?? []).flatMap(({ types }) => types);
    const inherited = parents.flatMap((parent) => known.get(parent.getText())?.members ?? []);
    const own = statement.members.flatMap((member) => listTypedMembers(member));
    return [[String(statement.name?.text), [...own, ...inherited]]];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    const entries = initializer && ts.isCallExpression(initializer) ? initializer.arguments[0] : initializer;
    if (!entries || !ts.isObjectLiteralExpression(entries)) return [];
    return [[name.getText(), entries.properties.flatMap((entry) => listSchemaMembers(entry))]];
  });
}

/**
 * @param {ts.TypeElement | ts.ClassElement} member
 * @returns {[string, Member][]}
 */
function listTypedMembers(member) {
  if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) return [];
  const { type, questionToken } = member;
  if (type === undefined) return [];
  const isOptional = questionToken !== undefined || /\| undefined>?$/.test(type.getText());
  return [[member.name.getText(), { description: describe(member), isOptional, type }]];
}

/**
 * @param {ts.ObjectLiteralElementLike} entry
 * @returns {[string, Member][]}
 */
function listSchemaMembers(entry) {
  if (!ts.isPropertyAssignment(entry)) return [];
  const { name, initializer } = entry;
  return [[name.getText(), { description: describe(entry), isOptional: true, initializer }]];
}

/**
 * Returns the documentation of a node: its text and its default. Other tags only concern programs in TypeScript: `@example`,
 * and `@remarks` with facts about dynamic resources.
 * @param {ts.Node} node
 */
function describe(node) {
  const documentation = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  const tag = documentation?.tags?.find(({ tagName }) => tagName.text === "default");
  const text = formatComment(documentation?.comment);
  return tag ? `${text} Default: ${formatDefault(formatComment(tag.comment))}.` : text;
}

/** @param {string} text */
const formatDefault = (text) => (/^[\w."]+$/.test(text) ? `\`${text}\`` : text);

/**
 * Formats a comment as Markdown, with one line for each paragraph.
 * @param {string | ts.NodeArray<ts.JSDocComment> | undefined} comment
 */
const formatComment = (comment) =>
  (ts.getTextOfJSDocComment(comment) ?? "")
    .replaceAll(/\{@link (\w+)\}/g, "`$1`")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replaceAll(/\s*\n\s*/g, " "))
    .join("\n\n");
