import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRepository } from "../repository.mjs";
import { addExamples } from "./examples.mjs";
import { mergeIdentities } from "./identities.mjs";
import { createLanguageSettings } from "./languages.mjs";
import { PLUGIN_NAME, toListObject, toObject, toProperties, toToken } from "./properties.mjs";
import { readDeclarations } from "./read-declarations.mjs";

/** @typedef {import("./properties.mjs").ObjectSpec} ObjectSpec */
/** @typedef {import("./properties.mjs").PropertySpec} PropertySpec */

/** The files with the public types and their documentation. A type comes after the type that it extends. */
const SOURCES = [
  "core/src/api/parse.ts",
  "core/src/api/identity.ts",
  "core/src/credentials/settings-schema.ts",
  "provider/src/resources/org-connection.ts",
  "provider/src/resources/org-connection-set.ts",
  "provider/src/functions/organizations.ts",
  "provider/src/functions/connections.ts",
];
/** The types of identities, by the interface of each. */
const IDENTITIES = [
  "AwsIdentity",
  "AzureIdentity",
  "GcpIdentity",
  "GitHubIdentity",
  "HcpTerraformIdentity",
  "OidcIdentity",
];
/** The inputs whose change always replaces the resource. A new `source` only does if it leads to another organization. */
const REPLACING = ["sinkOrgId"];

const PROVIDER_DESCRIPTION = `The settings of a provider: those of the default organization, and of named organizations. Each provider is a process with sessions of its own. A changed setting replaces no resource.

If the settings hold the credentials of an organization, they take precedence over its environment variables. The settings of other organizations are in the environment. No value of the environment is stored in the state.`;

/**
 * Builds the schema of the plugin from the documented types of the sources
 * (https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/).
 * @param {string} root folder of the repository
 */
export function buildSchema(root) {
  const declarations = readDeclarations(root, SOURCES);
  /** @param {string} name */
  const get = (name) => {
    const declaration = declarations.get(name);
    if (declaration === undefined) throw new Error(`tools/schema: no source declares ${name}`);
    return declaration;
  };
  /** @param {string} name */
  const toResource = (name) => {
    const inputs = toObject(get(`${name}Args`));
    const outputs = toObject(get(name));
    return {
      description: addExamples(root, name, get(name).description),
      properties: markReplacing(outputs.properties),
      required: outputs.required,
      inputProperties: markReplacing(inputs.properties),
      requiredInputs: inputs.required,
    };
  };
  /** @param {string} name @param {string} args @param {ObjectSpec} outputs */
  const toFunction = (name, args, outputs) => ({
    description: get(name).description,
    inputs: toObject(get(args)),
    outputs,
  });
  const organization = toObject(get("organizationSchema"));
  const settings = {
    ...organization.properties,
    ...toProperties(get("settingsSchema").members),
    ...toProperties(get("callLimitsSchema").members),
  };
  const { version, license, keywords } = JSON.parse(
    readFileSync(join(root, "plugin", "package.json"), "utf8"),
  );
  const repository = readRepository(root);
  return {
    name: PLUGIN_NAME,
    displayName: "Datadog cross-organization connections",
    version,
    description:
      "Datadog cross-organization connections as code: which organization shares which data with which other one.",
    keywords: [...keywords, "category/monitoring", "kind/native"],
    license,
    ...(repository && { repository: repository.url }),
    meta: { moduleFormat: "(.*)", supportPack: true },
    language: createLanguageSettings(repository),
    config: { variables: settings },
    types: withTokens({
      Connection: toType(get("Connection")),
      Organization: toType(get("Organization")),
      OrganizationSettings: toType(get("organizationSchema")),
      Party: toType(get("Party")),
      SetMember: toType(get("SetMember")),
      WorkloadIdentity: toType(mergeIdentities(get("Identity").description, IDENTITIES.map(get))),
    }),
    provider: { description: PROVIDER_DESCRIPTION, inputProperties: settings },
    resources: withTokens({
      OrgConnection: toResource("OrgConnection"),
      OrgConnectionSet: toResource("OrgConnectionSet"),
    }),
    functions: withTokens({
      getOrganization: toFunction("getOrganization", "GetOrganizationArgs", toObject(get("Organization"))),
      getOrganizations: toFunction(
        "getOrganizations",
        "GetOrganizationsArgs",
        toListObject(
          "organizations",
          "Organization",
          "The organizations, including the one of the credentials.",
        ),
      ),
      getOrgConnections: toFunction(
        "getOrgConnections",
        "GetOrgConnectionsArgs",
        toListObject("connections", "Connection", "The connections, in the order of the API."),
      ),
    }),
  };
}

/** @param {Record<string, PropertySpec>} properties of a resource */
const markReplacing = (properties) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, spec]) => [
      name,
      REPLACING.includes(name) ? { ...spec, replaceOnChanges: true } : spec,
    ]),
  );

/** @param {import("./read-declarations.mjs").Declaration} declaration */
const toType = (declaration) => ({
  description: declaration.description,
  type: "object",
  ...toObject(declaration),
});

/** @param {Record<string, object>} specs by name */
const withTokens = (specs) =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [toToken(name), spec]));
