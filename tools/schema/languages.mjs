/** The name of the generated packages. `pulumi-datadog-org-connections` on npm is the package of dynamic resources. */
const NODE_PACKAGE = "pulumi-datadog-org-connections-sdk";
const PYTHON_PACKAGE = "pulumi_datadog_org_connections";
const GO_PACKAGE = "datadogorgconnections";

/**
 * Creates the settings of the generators (pulumi/pulumi, pkg/codegen, importer.go of each language). Each generator adds
 * the versions of Pulumi's SDK that its code needs.
 * @param {import("../repository.mjs").Repository | undefined} repository
 */
export function createLanguageSettings(repository) {
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
