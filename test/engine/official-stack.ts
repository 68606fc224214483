/** Stacks that use `@pulumi/datadog`, with an imitation of its plugin (official-plugin). */
import path from "node:path";
import { ROOT } from "../tree.js";
import { createMigrationStack, SOURCES, type Link } from "./migration.js";
import type { Stack, useEngine } from "./stack.js";

/** The classes of `@pulumi/datadog` that the programs use. */
const OFFICIAL_CLASSES = `
class DatadogProvider extends pulumi.ProviderResource {
  constructor(name, { apiUrl, ...keys }) {
    const secrets = Object.entries(keys).map(([key, value]) => [key, pulumi.secret(value)]);
    super("datadog", name, { apiUrl, ...Object.fromEntries(secrets) });
  }
}
class DatadogOrgConnection extends pulumi.CustomResource {
  constructor(name, args, options) {
    const outputs = { createdAt: undefined, createdBy: undefined, sourceOrgId: undefined };
    super("datadog:index/orgConnection:OrgConnection", name, { ...outputs, ...args }, options);
  }
}
`;

type Engine = ReturnType<typeof useEngine>;

/** The name of the resource of a connection in the official program. */
export const formatName = ({ source, sink }: Link): string => `${source}-to-${sink}`;

/** Writes a program that declares these connections as `datadog.OrgConnection`, with a provider for each organization. */
export function formatOfficialProgram({ sandbox }: Engine, links: readonly Link[]): string {
  const providers = SOURCES.map((source) => {
    const { apiKey, appKey } = sandbox.getOrganization(source);
    const keys = JSON.stringify({ apiUrl: sandbox.url, apiKey, appKey });
    return `const ${source} = new DatadogProvider("${source}", ${keys});`;
  });
  const resources = links.map((link) => {
    const args = { sinkOrgId: sandbox.getOrganization(link.sink).id, connectionTypes: link.connectionTypes };
    return `new DatadogOrgConnection("${formatName(link)}", ${JSON.stringify(args)}, { provider: ${link.source} });`;
  });
  return [OFFICIAL_CLASSES, ...providers, ...resources].join("\n");
}

/** Makes the imitation of the plugin available to a stack. */
export function addOfficialPlugin(stack: Stack): void {
  const plugin = path.join(ROOT, "test/engine/official-plugin");
  stack.writeFile(
    "Pulumi.yaml",
    `${stack.readFile("Pulumi.yaml")}plugins:\n  providers:\n    - name: datadog\n      path: ${plugin}\n`,
  );
}

/** Creates a stack whose connections `@pulumi/datadog` has created. */
export async function createOfficialStack(engine: Engine, links: readonly Link[]): Promise<Stack> {
  const stack = createMigrationStack(engine, formatOfficialProgram(engine, links));
  addOfficialPlugin(stack);
  await stack.expectUp();
  return stack;
}
