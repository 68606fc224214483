import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatProject, getKeyNames } from "./declaration.mjs";

const sdkName = "pulumi-datadog-org-connections-sdk";

/**
 * Creates the language.
 * @param {{ sdk?: string }} options the folder of the generated SDK, if it is not installed in a parent folder of the
 *   programs
 * @returns {import("./declaration.mjs").Language}
 */
export const createTypescript = ({ sdk }) => ({
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
      ...sources.map((source) => createProvider(source, url)),
      ...connections.map(createConnection),
      "",
    ].join("\n");
    writeFileSync(join(folder, "index.ts"), text);
    writeFileSync(join(folder, "package.json"), '{ "name": "languages", "main": "index.ts" }\n');
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
    writeFileSync(join(folder, "Pulumi.yaml"), formatProject(plugin, { runtime: "nodejs" }));
  },
});

/** @param {string} source @param {string} url */
function createProvider(source, url) {
  const { apiKey, appKey } = getKeyNames(source);
  return `const ${source} = new datadog.Provider("${source}", {
  apiKey: config.requireSecret("${apiKey}"),
  appKey: config.requireSecret("${appKey}"),
  url: ${JSON.stringify(url)},
});`;
}

/** @param {import("./declaration.mjs").Declared} connection */
const createConnection = ({ name, source, destination, types, adopt = false }) =>
  `new datadog.OrgConnection(
  "${name}",
  {
    sinkOrgId: datadog.getOrganizationOutput({ name: ${JSON.stringify(destination)} }, { provider: ${source} }).id,
    connectionTypes: ${JSON.stringify(types)},${adopt ? "\n    adopt: true," : ""}
  },
  { provider: ${source} },
);`;
