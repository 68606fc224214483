import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../run-command.mjs";

/**
 * One connection of a program.
 * @typedef {object} Declared
 * @property {string} name
 * @property {string} source the key of the source organization, which is the name of its provider too
 * @property {string} destination the name of the destination organization, from which the program finds its UUID
 * @property {string[]} types
 * @property {boolean} [adopt]
 */

/**
 * A program in some language: one explicit provider for each source organization, with secret keys from the
 * configuration of the stack, and connections.
 * @typedef {object} Program
 * @property {string[]} sources
 * @property {Declared[]} connections
 * @property {string} url of the API
 * @property {string | undefined} plugin the folder of the plugin's package, unless the plugin is installed
 */

/**
 * A language of programs.
 * @typedef {object} Language
 * @property {string} title
 * @property {(folder: string) => Promise<Record<string, string>>} prepare installs what a program needs into its
 *   empty folder. Returns variables for the CLI
 * @property {(folder: string, program: Program) => void} write writes the files of a program into its folder
 */

export const projectName = "languages";
export const packageName = "datadog-org-connections";

/** The names in the configuration of the stack that hold the keys of an organization. @param {string} source */
export const getKeyNames = (source) => ({ apiKey: `${source}ApiKey`, appKey: `${source}AppKey` });

/**
 * Formats a project file, as JSON, which is YAML too.
 * @param {string | undefined} plugin the folder of the plugin's package, unless the plugin is installed
 * @param {object} rest
 */
const formatProject = (plugin, rest) => {
  const plugins = plugin === undefined ? {} : { providers: [{ name: packageName, path: plugin }] };
  return `${JSON.stringify({ name: projectName, plugins, ...rest }, null, 2)}\n`;
};

/** @type {Language} */
const yaml = {
  title: "YAML",
  prepare: () => Promise.resolve({}),
  write(folder, { sources, connections, url, plugin }) {
    const keyNames = sources.flatMap((source) => Object.values(getKeyNames(source)));
    const text = formatProject(plugin, {
      runtime: "yaml",
      config: Object.fromEntries(keyNames.map((name) => [name, { type: "string", secret: true }])),
      variables: Object.fromEntries(connections.map((one) => [getVariable(one), findSink(one)])),
      resources: Object.fromEntries([
        ...sources.map((source) => [source, createYamlProvider(source, url)]),
        ...connections.map((one) => [one.name, createYamlConnection(one)]),
      ]),
    });
    writeFileSync(join(folder, "Pulumi.yaml"), text);
  },
};

/** @param {Declared} connection */
const getVariable = ({ name }) => `${name}Sink`;

/** @param {Declared} connection */
const findSink = ({ source, destination }) => ({
  "fn::invoke": {
    function: `${packageName}:getOrganization`,
    arguments: { name: destination },
    options: { provider: `\${${source}}` },
    return: "id",
  },
});

/** @param {string} source @param {string} url */
const createYamlProvider = (source, url) => ({
  type: `pulumi:providers:${packageName}`,
  properties: {
    apiKey: `\${${getKeyNames(source).apiKey}}`,
    appKey: `\${${getKeyNames(source).appKey}}`,
    url,
  },
});

/** @param {Declared} connection */
const createYamlConnection = (connection) => ({
  type: `${packageName}:OrgConnection`,
  properties: {
    sinkOrgId: `\${${getVariable(connection)}}`,
    connectionTypes: connection.types,
    ...(connection.adopt === true ? { adopt: true } : {}),
  },
  options: { provider: `\${${connection.source}}` },
});

const sdkName = "pulumi-datadog-org-connections-sdk";

/**
 * Creates the language.
 * @param {{ sdk?: string }} options the folder of the generated SDK, if it is not installed in a parent folder of the
 *   programs
 * @returns {Language}
 */
const createTypescript = ({ sdk }) => ({
  title: "TypeScript",
  prepare(folder) {
    const modules = join(folder, "node_modules");
    mkdirSync(modules);
    if (sdk !== undefined) symlinkSync(sdk, join(modules, sdkName), "junction");
    return Promise.resolve({});
  },
  write(folder, { sources, connections, url, plugin }) {
    const compilerOptions = { target: "es2022", module: "node16", moduleResolution: "node16", strict: true };
    const text = [
      'import * as pulumi from "@pulumi/pulumi";',
      `import * as datadog from "${sdkName}";`,
      "const config = new pulumi.Config();",
      ...sources.map((source) => createTypescriptProvider(source, url)),
      ...connections.map(createTypescriptConnection),
      "",
    ].join("\n");
    writeFileSync(join(folder, "index.ts"), text);
    writeFileSync(join(folder, "package.json"), '{ "name": "languages", "main": "index.ts" }\n');
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
    writeFileSync(join(folder, "Pulumi.yaml"), formatProject(plugin, { runtime: "nodejs" }));
  },
});

/** @param {string} source @param {string} url */
function createTypescriptProvider(source, url) {
  const { apiKey, appKey } = getKeyNames(source);
  return `const ${source} = new datadog.Provider("${source}", {
  apiKey: config.requireSecret("${apiKey}"),
  appKey: config.requireSecret("${appKey}"),
  url: ${JSON.stringify(url)},
});`;
}

/** @param {Declared} connection */
const createTypescriptConnection = ({ name, source, destination, types, adopt = false }) =>
  `new datadog.OrgConnection(
  "${name}",
  {
    sinkOrgId: datadog.getOrganizationOutput({ name: ${JSON.stringify(destination)} }, { provider: ${source} }).id,
    connectionTypes: ${JSON.stringify(types)},${adopt ? "\n    adopt: true," : ""}
  },
  { provider: ${source} },
);`;

/**
 * Creates the language.
 * @param {{ sdk: string, python: string }} options the folder of the generated SDK, and the executable of a virtual
 *   environment (ensurePython)
 * @returns {Language}
 */
const createPython = ({ sdk, python }) => ({
  title: "Python",
  async prepare(folder) {
    // The installation writes into the folder of the SDK.
    const copy = join(folder, "sdk");
    cpSync(sdk, copy, { recursive: true });
    const packages = join(folder, "packages");
    const offline = ["--no-index", "--no-deps", "--no-build-isolation", "--target", packages];
    await runCommand(python, ["-m", "pip", "install", ...offline, copy], { cwd: folder });
    // The old host ignores the option `virtualenv`, which the current engine no longer passes as an argument.
    return { PULUMI_PYTHON_CMD: python, PYTHONPATH: packages };
  },
  write(folder, { sources, connections, url, plugin }) {
    const text = [
      "import pulumi",
      "import pulumi_datadog_org_connections as datadog",
      "",
      "config = pulumi.Config()",
      ...sources.map((source) => createPythonProvider(source, url)),
      ...connections.map(createPythonConnection),
      "",
    ].join("\n");
    writeFileSync(join(folder, "__main__.py"), text);
    writeFileSync(join(folder, "Pulumi.yaml"), formatProject(plugin, { runtime: "python" }));
  },
});

/** @param {string} source @param {string} url */
function createPythonProvider(source, url) {
  const { apiKey, appKey } = getKeyNames(source);
  return `${source} = datadog.Provider(
    "${source}",
    api_key=config.require_secret("${apiKey}"),
    app_key=config.require_secret("${appKey}"),
    url=${JSON.stringify(url)},
)`;
}

/** @param {Declared} connection */
const createPythonConnection = ({ name, source, destination, types, adopt = false }) =>
  `datadog.OrgConnection(
    "${name}",
    sink_org_id=datadog.get_organization_output(
        name=${JSON.stringify(destination)}, opts=pulumi.InvokeOptions(provider=${source})
    ).id,
    connection_types=${JSON.stringify(types)},${adopt ? "\n    adopt=True," : ""}
    opts=pulumi.ResourceOptions(provider=${source}),
)`;

/**
 * Creates the language.
 * @param {{ sdk: string }} options the folder of the generated SDK
 * @returns {Language}
 */
const createGo = ({ sdk }) => ({
  title: "Go",
  prepare(folder) {
    const manifest = readFileSync(new URL("./go-module/go.mod", import.meta.url), "utf8");
    writeFileSync(join(folder, "go.mod"), `${manifest}\nreplace ${sdkModule} => ${JSON.stringify(sdk)}\n`);
    copyFileSync(new URL("./go-module/go.sum", import.meta.url), join(folder, "go.sum"));
    return Promise.resolve({ GOWORK: "off" });
  },
  write(folder, { sources, connections, url, plugin }) {
    const body = [
      'conf := config.New(ctx, "")',
      ...sources.map((source) => createGoProvider(source, url)),
      ...connections.map(createGoConnection),
      "return nil",
    ].join("\n");
    writeFileSync(
      join(folder, "main.go"),
      `${goImports}\nfunc main() {\npulumi.Run(func(ctx *pulumi.Context) error {\n${body}\n})\n}\n`,
    );
    writeFileSync(join(folder, "Pulumi.yaml"), formatProject(plugin, { runtime: "go" }));
  },
});

const sdkModule = "pulumi-datadog-org-connections-sdk/sdk/go";

const goImports = `package main

import (
	datadog "${sdkModule}/datadogorgconnections"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)
`;

/** @param {string} source @param {string} url */
function createGoProvider(source, url) {
  const { apiKey, appKey } = getKeyNames(source);
  return `${source}, err := datadog.NewProvider(ctx, "${source}", &datadog.ProviderArgs{
ApiKey: conf.RequireSecret("${apiKey}"),
AppKey: conf.RequireSecret("${appKey}"),
Url: pulumi.String(${JSON.stringify(url)}),
})
if err != nil {
return err
}`;
}

/** @param {Declared} connection */
const createGoConnection = ({ name, source, destination, types, adopt = false }) =>
  `if _, err := datadog.NewOrgConnection(ctx, "${name}", &datadog.OrgConnectionArgs{
SinkOrgId: datadog.GetOrganizationOutput(ctx, datadog.GetOrganizationOutputArgs{Name: pulumi.String(${JSON.stringify(destination)})}, pulumi.Provider(${source})).Id(),
ConnectionTypes: pulumi.ToStringArray([]string{${types.map((type) => JSON.stringify(type)).join(", ")}}),${adopt ? "\nAdopt: pulumi.Bool(true)," : ""}
}, pulumi.Provider(${source})); err != nil {
return err
}`;

/**
 * Creates all languages.
 * @param {{ sdks: string, python: string, isSdkInstalled?: boolean }} options the folder of the generated SDKs
 *   (`npm run sdks`); the executable of a virtual environment; whether the SDK for Node is installed in a parent
 *   folder of the programs
 */
export const createLanguages = ({ sdks, python, isSdkInstalled = false }) => ({
  yaml,
  typescript: createTypescript(isSdkInstalled ? {} : { sdk: join(sdks, "nodejs") }),
  python: createPython({ sdk: join(sdks, "python"), python }),
  go: createGo({ sdk: join(sdks, "go") }),
});
