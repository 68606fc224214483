import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { createSchemaFields, readRepository } from "../package-pages.mjs";
import {
  PLUGIN_NAME,
  readDeclarations,
  toListObject,
  toObject,
  toProperties,
  toToken,
} from "./declarations.mjs";

/** @typedef {import("./declarations.mjs").ObjectSpec} ObjectSpec */
/** @typedef {import("./declarations.mjs").PropertySpec} PropertySpec */

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
function buildSchema(root) {
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
    ...(repository && createSchemaFields(repository)),
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

/** @param {import("./declarations.mjs").Declaration} declaration */
const toType = (declaration) => ({
  description: declaration.description,
  type: "object",
  ...toObject(declaration),
});

/** @param {Record<string, object>} specs by name */
const withTokens = (specs) =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [toToken(name), spec]));

/**
 * Adds the examples of a resource or a function to its description. The generator of each language keeps the code of
 * its own language between these marks (pulumi/pulumi, pkg/codegen/docs.go).
 * @param {string} root
 * @param {string} name
 * @param {string} description
 */
function addExamples(root, name, description) {
  const examples = readFileSync(join(root, "tools", "schema", "examples", `${name}.txt`), "utf8");
  return `${description}

{{% examples %}}
## Example Usage

{{% example %}}

${examples.trim()}

{{% /example %}}
{{% /examples %}}`;
}

/** @typedef {import("./declarations.mjs").Declaration} Declaration */

/**
 * Merges the types of identities to one with the options of all, because not every language has unions of objects.
 * @param {string} description
 * @param {readonly Declaration[]} identities
 * @returns {Declaration}
 */
function mergeIdentities(description, identities) {
  const all = identities.map((identity) => {
    const members = new Map(identity.members);
    const type = members.get("type")?.type?.getText().replaceAll('"', "");
    return { type, members, description: identity.description };
  });
  const types = all.map((identity) => `- \`${identity.type}\`: ${identity.description}`);
  const members = new Map();
  for (const { type, members: own } of all) {
    for (const [name, member] of own)
      members.set(name, { ...member, description: `For the type \`${type}\`: ${member.description}` });
  }
  members.set("type", { ...members.get("type"), description: ["One of:", "", ...types].join("\n") });
  return { description, members: [...members] };
}

/** The name of the generated packages. `pulumi-datadog-org-connections` on npm is the package of dynamic resources. */
const NODE_PACKAGE = "pulumi-datadog-org-connections-sdk";
const PYTHON_PACKAGE = "pulumi_datadog_org_connections";
const GO_PACKAGE = "datadogorgconnections";

/**
 * Creates the settings of the generators (pulumi/pulumi, pkg/codegen, importer.go of each language). Each generator adds
 * the versions of Pulumi's SDK that its code needs.
 * @param {import("../package-pages.mjs").Repository | undefined} repository
 */
function createLanguageSettings(repository) {
  // Without a repository, a program names the folder of the generated module in its go.mod (`replace`).
  const goRoot = repository?.url.replace("https://", "") ?? NODE_PACKAGE;
  return {
    nodejs: {
      packageName: NODE_PACKAGE,
      respectSchemaVersion: true,
    },
    python: {
      packageName: PYTHON_PACKAGE,
      pyproject: { enabled: true },
      inputTypes: "classes-and-dicts",
      respectSchemaVersion: true,
    },
    go: {
      modulePath: `${goRoot}/sdk/go`,
      importBasePath: `${goRoot}/sdk/go/${GO_PACKAGE}`,
      rootPackageName: GO_PACKAGE,
      generateResourceContainerTypes: true,
      respectSchemaVersion: true,
    },
    csharp: { respectSchemaVersion: true },
    java: {},
  };
}

/** Formats the schema as the file of the repository. @param {string} root */
export const formatSchema = (root) =>
  format(JSON.stringify(buildSchema(root)), { parser: "json", printWidth: 110 });
