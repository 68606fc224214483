import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../run-command.mjs";
import { formatProject, getKeyNames } from "./declaration.mjs";

/**
 * Creates the language.
 * @param {{ sdk: string, python: string }} options the folder of the generated SDK, and the executable of a virtual
 *   environment (ensurePython)
 * @returns {import("./declaration.mjs").Language}
 */
export const createPython = ({ sdk, python }) => ({
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
      ...sources.map((source) => createProvider(source, url)),
      ...connections.map(createConnection),
      "",
    ].join("\n");
    writeFileSync(join(folder, "__main__.py"), text);
    writeFileSync(join(folder, "Pulumi.yaml"), formatProject(plugin, { runtime: "python" }));
  },
});

/** @param {string} source @param {string} url */
function createProvider(source, url) {
  const { apiKey, appKey } = getKeyNames(source);
  return `${source} = datadog.Provider(
    "${source}",
    api_key=config.require_secret("${apiKey}"),
    app_key=config.require_secret("${appKey}"),
    url=${JSON.stringify(url)},
)`;
}

/** @param {import("./declaration.mjs").Declared} connection */
const createConnection = ({ name, source, destination, types, adopt = false }) =>
  `datadog.OrgConnection(
    "${name}",
    sink_org_id=datadog.get_organization_output(
        name=${JSON.stringify(destination)}, opts=pulumi.InvokeOptions(provider=${source})
    ).id,
    connection_types=${JSON.stringify(types)},${adopt ? "\n    adopt=True," : ""}
    opts=pulumi.ResourceOptions(provider=${source}),
)`;
