/** `plugin/schema.json` has everything that core knows, and what `npm run schema` writes. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inputsSchema, stateSchema } from "../../core/src/connection/fields.js";
import { argumentSchemas } from "../../core/src/functions/functions.js";
import { setInputsSchema, setStateSchema } from "../../core/src/connection-set/fields.js";
import { identitySchema } from "../../core/src/credentials/identity-schema.js";
import { isCredentialSetting } from "../../core/src/credentials/setting-names.js";
import { settingsSchema, organizationSchema } from "../../core/src/credentials/settings-schema.js";
import { PLUGIN_SET_TYPE, PLUGIN_SINGLE_TYPE } from "../../core/src/host/type-tokens.js";
import { formatSchema } from "../../tools/schema/build-schema.mjs";
import { ROOT } from "../tree.js";
import path from "node:path";

interface ObjectSpec {
  properties: Record<string, { description?: string; secret?: boolean }>;
  required?: string[];
}
interface Schema {
  version: string;
  config: { variables: ObjectSpec["properties"] };
  provider: { inputProperties: ObjectSpec["properties"] };
  types: Record<string, ObjectSpec>;
  resources: Record<
    string,
    ObjectSpec & { description: string; inputProperties: ObjectSpec["properties"]; requiredInputs: string[] }
  >;
  functions: Record<string, { description: string; inputs: ObjectSpec; outputs: ObjectSpec }>;
}

const text = readFileSync(path.join(ROOT, "plugin", "schema.json"), "utf8");
const schema = JSON.parse(text) as Schema;

/** The names of an object's properties, sorted. */
const listNames = (properties: object | undefined): string[] => Object.keys(properties ?? {}).sort();
const getType = (name: string) => schema.types[`datadog-org-connections:index:${name}`];

/** The properties that are secret, sorted. */
const listSecrets = (properties: ObjectSpec["properties"] = {}): string[] =>
  Object.keys(properties)
    .filter((name) => properties[name]?.secret === true)
    .sort();

test("the committed file is what `npm run schema` writes", async () => {
  expect(text).toBe(await formatSchema(ROOT));
});

test("it has the version of the package", () => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, "plugin", "package.json"), "utf8")) as Schema;
  expect(schema.version).toBe(manifest.version);
});

test.each([
  ["the stack's configuration", schema.config.variables],
  ["an explicit provider", schema.provider.inputProperties],
])("%s has exactly the settings of core, with credentials as secrets", (_, settings) => {
  expect(listNames(settings)).toEqual(listNames(settingsSchema.entries));
  expect(listSecrets(settings)).toEqual(["apiKey", "appKey", "bearerToken", "organizations"]);
});

test("a named organization has exactly the settings of core, with credentials as secrets", () => {
  const settings = getType("OrganizationSettings")?.properties;
  expect(listNames(settings)).toEqual(listNames(organizationSchema.entries));
  expect(listSecrets(settings)).toEqual(
    Object.keys(organizationSchema.entries).filter(isCredentialSetting).sort(),
  );
});

test("an identity has the types of core, each with its options", () => {
  const [variant] = identitySchema.pipe;
  const options = variant.options.flatMap(({ entries }) => Object.keys(entries));
  expect(listNames(getType("WorkloadIdentity")?.properties)).toEqual([...new Set(options)].sort());
  const listed = getType("WorkloadIdentity")?.properties["type"]?.description?.match(/(?<=- `)\w+/g);
  expect(listed).toEqual(variant.options.map(({ entries }) => entries.type.literal));
});

describe.each([
  [PLUGIN_SINGLE_TYPE, inputsSchema, stateSchema],
  [PLUGIN_SET_TYPE, setInputsSchema, setStateSchema],
])("%s", (token, inputs, state) => {
  const resource = schema.resources[token];
  const listRequired = (entries: Record<string, { type: string }>) =>
    Object.keys(entries)
      .filter((name) => entries[name]?.type !== "optional")
      .sort();

  test("it has exactly the inputs of core", () => {
    expect(listNames(resource?.inputProperties)).toEqual(listNames(inputs.entries));
    expect(resource?.requiredInputs).toEqual(listRequired(inputs.entries));
  });

  test("its description has an example for each language, and the one in YAML has only known arguments", () => {
    const blocks = [...(resource?.description ?? "").matchAll(/^```(\w+)\n(.*?)^```$/gms)];
    expect(blocks.map(([, language]) => language)).toEqual(["yaml", "typescript", "python", "go"]);
    const program = parse(blocks[0]?.[2] ?? "") as {
      resources: Record<string, { type: string; properties: object }>;
    };
    for (const declared of Object.values(program.resources)) {
      expect(declared.type).toBe(token);
      expect(listNames(resource?.inputProperties)).toEqual(
        expect.arrayContaining(listNames(declared.properties)),
      );
    }
  });

  test("its properties are exactly the state of core", () => {
    expect(listNames(resource?.properties)).toEqual(listNames(state.entries));
    // The engine may only omit what the schema does not require.
    expect(resource?.required).toEqual(expect.arrayContaining(listRequired(state.entries)));
  });
});

test.each(Object.entries(argumentSchemas))("%s has exactly the arguments of core", (name, { entries }) => {
  const { inputs } = schema.functions[`datadog-org-connections:index:${name}`] ?? {};
  expect(listNames(inputs?.properties)).toEqual(listNames(entries));
});

test("each property and each function has a description", () => {
  const objects = [
    ...Object.values(schema.types),
    ...Object.values(schema.resources),
    ...Object.values(schema.resources).map(({ inputProperties }) => ({ properties: inputProperties })),
    ...Object.values(schema.functions).flatMap(({ inputs, outputs }) => [inputs, outputs]),
    { properties: schema.config.variables },
  ];
  const properties = objects.flatMap((object) => Object.entries(object.properties));
  const missing = properties.filter(([, { description = "" }]) => description === "").map(([name]) => name);
  expect(missing).toEqual([]);
  expect(Object.values(schema.functions).map(({ description }) => description)).not.toContain("");
});

test("no value of the environment becomes a default, because the engine would store it in the state", () => {
  expect(text).not.toMatch(/"(defaultInfo|environment|default)"/);
});
