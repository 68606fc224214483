import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatProject, getKeyNames } from "./declaration.mjs";

/**
 * Creates the language.
 * @param {{ sdk: string }} options the folder of the generated SDK
 * @returns {import("./declaration.mjs").Language}
 */
export const createGo = ({ sdk }) => ({
  title: "Go",
  prepare(folder) {
    const manifest = readFileSync(new URL("go-module/go.mod", import.meta.url), "utf8");
    writeFileSync(join(folder, "go.mod"), `${manifest}\nreplace ${sdkModule} => ${JSON.stringify(sdk)}\n`);
    copyFileSync(new URL("go-module/go.sum", import.meta.url), join(folder, "go.sum"));
    return Promise.resolve({ GOWORK: "off" });
  },
  write(folder, { sources, connections, url, plugin }) {
    const body = [
      'conf := config.New(ctx, "")',
      ...sources.map((source) => createProvider(source, url)),
      ...connections.map(createConnection),
      "return nil",
    ].join("\n");
    writeFileSync(
      join(folder, "main.go"),
      `${imports}\nfunc main() {\npulumi.Run(func(ctx *pulumi.Context) error {\n${body}\n})\n}\n`,
    );
    writeFileSync(join(folder, "Pulumi.yaml"), formatProject(plugin, { runtime: "go" }));
  },
});

const sdkModule = "pulumi-datadog-org-connections-sdk/sdk/go";

const imports = `package main

import (
	datadog "${sdkModule}/datadogorgconnections"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)
`;

/** @param {string} source @param {string} url */
function createProvider(source, url) {
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

/** @param {import("./declaration.mjs").Declared} connection */
const createConnection = ({ name, source, destination, types, adopt = false }) =>
  `if _, err := datadog.NewOrgConnection(ctx, "${name}", &datadog.OrgConnectionArgs{
SinkOrgId: datadog.GetOrganizationOutput(ctx, datadog.GetOrganizationOutputArgs{Name: pulumi.String(${JSON.stringify(destination)})}, pulumi.Provider(${source})).Id(),
ConnectionTypes: pulumi.ToStringArray([]string{${types.map((type) => JSON.stringify(type)).join(", ")}}),${adopt ? "\nAdopt: pulumi.Bool(true)," : ""}
}, pulumi.Provider(${source})); err != nil {
return err
}`;
