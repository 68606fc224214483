import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatProject, getKeyNames, packageName } from "./declaration.mjs";

/** @type {import("./declaration.mjs").Language} */
export const yaml = {
  title: "YAML",
  prepare: () => Promise.resolve({}),
  write(folder, { sources, connections, url, plugin }) {
    const keyNames = sources.flatMap((source) => Object.values(getKeyNames(source)));
    const text = formatProject(plugin, {
      runtime: "yaml",
      config: Object.fromEntries(keyNames.map((name) => [name, { type: "string", secret: true }])),
      variables: Object.fromEntries(connections.map((one) => [getVariable(one), findSink(one)])),
      resources: Object.fromEntries([
        ...sources.map((source) => [source, createProvider(source, url)]),
        ...connections.map((one) => [one.name, createConnection(one)]),
      ]),
    });
    writeFileSync(join(folder, "Pulumi.yaml"), text);
  },
};

/** @param {import("./declaration.mjs").Declared} connection */
const getVariable = ({ name }) => `${name}Sink`;

/** @param {import("./declaration.mjs").Declared} connection */
const findSink = ({ source, destination }) => ({
  "fn::invoke": {
    function: `${packageName}:getOrganization`,
    arguments: { name: destination },
    options: { provider: `\${${source}}` },
    return: "id",
  },
});

/** @param {string} source @param {string} url */
const createProvider = (source, url) => ({
  type: `pulumi:providers:${packageName}`,
  properties: {
    apiKey: `\${${getKeyNames(source).apiKey}}`,
    appKey: `\${${getKeyNames(source).appKey}}`,
    url,
  },
});

/** @param {import("./declaration.mjs").Declared} connection */
const createConnection = (connection) => ({
  type: `${packageName}:OrgConnection`,
  properties: {
    sinkOrgId: `\${${getVariable(connection)}}`,
    connectionTypes: connection.types,
    ...(connection.adopt === true ? { adopt: true } : {}),
  },
  options: { provider: `\${${connection.source}}` },
});
