import ts from "typescript";

/** @typedef {import("./read-declarations.mjs").Declaration} Declaration */
/** @typedef {import("./read-declarations.mjs").Member} Member */
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
