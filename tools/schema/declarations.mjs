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

/** @typedef {{ [field: string]: unknown, description?: string }} PropertySpec */
/** @typedef {{ description?: string, properties: Record<string, PropertySpec>, required: string[] }} ObjectSpec */

/** The name of the plugin: the first part of its tokens. */
export const PLUGIN_NAME = "datadog-org-connections";
/** The settings that hold credentials. */
const SECRETS = ["apiKey", "appKey", "bearerToken", "organizations"];

/** @param {string} name */
export const toToken = (name) => `${PLUGIN_NAME}:index:${name}`;

/** @param {string} name the name of a type */
const refer = (name) => ({ $ref: `#/types/${toToken(name)}` });

/**
 * Converts the members of a declaration to the properties of an object.
 * @param {Declaration} declaration
 * @returns {ObjectSpec}
 */
export const toObject = ({ members }) => ({
  properties: toProperties(members),
  required: members.flatMap(([name, { isOptional }]) => (isOptional ? [] : [name])).sort(),
});

/**
 * Creates the result of a function, which is an object with a list.
 * @param {string} property
 * @param {string} type the name of the type of its items
 * @param {string} description
 * @returns {ObjectSpec}
 */
export const toListObject = (property, type, description) => ({
  properties: { [property]: { type: "array", items: refer(type), description } },
  required: [property],
});

/** @param {readonly [string, Member][]} members */
export const toProperties = (members) =>
  Object.fromEntries(members.map(([name, member]) => [name, toProperty(name, member)]));

/**
 * @param {string} name
 * @param {Member} member
 * @returns {PropertySpec}
 */
function toProperty(name, { type, initializer, description }) {
  const spec = initializer ? toSettingType(initializer) : toType(type);
  return {
    ...spec,
    ...(description !== "" && { description }),
    ...(SECRETS.includes(name) && { secret: true }),
  };
}

/**
 * Converts a type of TypeScript.
 * @param {ts.TypeNode | undefined} type
 * @returns {PropertySpec}
 */
function toType(type) {
  if (type && ts.isArrayTypeNode(type)) return { type: "array", items: toType(type.elementType) };
  if (type && ts.isTypeReferenceNode(type)) return toReference(type);
  if (type && ts.isUnionTypeNode(type)) {
    const others = type.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
    if (others.length === 1) return toType(others[0]);
  }
  if (type && (type.kind === ts.SyntaxKind.StringKeyword || ts.isLiteralTypeNode(type)))
    return { type: "string" };
  if (type?.kind === ts.SyntaxKind.BooleanKeyword) return { type: "boolean" };
  throw new Error(`tools/schema: convert the type ${type?.getText()}`);
}

/** @param {ts.TypeReferenceNode} type */
function toReference({ typeName, typeArguments }) {
  const name = typeName.getText();
  // Types that Datadog adds later are valid, so this type is no enumeration.
  if (name === "ConnectionType") return { type: "string" };
  if (name === "Record") return { type: "object", additionalProperties: toType(typeArguments?.[1]) };
  // An input or an output of the inner type.
  if (name.startsWith("pulumi.")) return toType(typeArguments?.[0]);
  return refer(name);
}

/**
 * Converts the schema of a setting, an expression such as `v.optional(stringSchema)`.
 * @param {ts.Expression} schema
 * @returns {PropertySpec}
 */
function toSettingType(schema) {
  const code = schema.getText();
  if (code.includes("organizationsSchema"))
    return { type: "object", additionalProperties: refer("OrganizationSettings") };
  if (/identity(Text)?Schema/.test(code)) return refer("WorkloadIdentity");
  if (code.startsWith("createLimitSchema")) return { type: "integer" };
  if (/stringSchema|uuidSchema|v\.picklist/.test(code)) return { type: "string" };
  throw new Error(`tools/schema: convert the type of ${code}`);
}
