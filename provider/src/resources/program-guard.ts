import type * as pulumi from "@pulumi/pulumi";
import {
  namedOrganizations,
  organizationPath,
  ORGANIZATIONS_KEY,
  SECRET_KEYS,
  type ConfigReader,
} from "../credentials/settings.js";
import { OrgConnectionsError } from "../errors/org-connections-error.js";
import { allConfig, isConfigSecret } from "./sdk.js";

/** The stack's configuration as the running program sees it. */
export const programConfig: ConfigReader = (key) => {
  const value = (allConfig() as Record<string, unknown>)[key];
  return typeof value === "string" ? value : undefined;
};

/**
 * Refuses keys that stand in the stack's configuration in plain text: they would lie so in the state too. Only the
 * program can tell.
 */
export function refusePlainKeys(): void {
  const plain: string[] = SECRET_KEYS.filter(
    (key) => programConfig(key) !== undefined && !isConfigSecret(key),
  );
  if (!isConfigSecret(ORGANIZATIONS_KEY)) plain.push(...plainOrganizationKeys());
  if (plain.length === 0) return;
  throw new OrgConnectionsError(
    "key-in-plain-text",
    `The stack's configuration holds ${plain.map((key) => `\`${key}\``).join(", ")} in plain text, and so would the ` +
      `state. Set it again with --secret: pulumi config set --secret${plain[0]?.startsWith(ORGANIZATIONS_KEY) ? " --path" : ""} '${String(plain[0])}'`,
  );
}

function plainOrganizationKeys(): string[] {
  const organizations = namedOrganizations(programConfig);
  return [...organizations].flatMap(([name, settings]) =>
    (["apiKey", "appKey"] as const)
      .filter((key) => settings[key] !== undefined)
      .map((key) => organizationPath(name, key)),
  );
}

/**
 * Refuses a `provider` option: Pulumi gives dynamic resources one provider of its own, so the option would have no
 * effect, and the connection would be made with the default keys. One inherited from a component is refused unless
 * `source` says whose keys are meant.
 */
export function refuseProvider(
  name: string,
  source: unknown,
  opts: pulumi.CustomResourceOptions | undefined,
): void {
  const remedy = `A dynamic resource has no provider to choose: name the organization whose keys to use in \`source\`.`;
  if (
    opts?.provider !== undefined ||
    (opts as pulumi.ComponentResourceOptions | undefined)?.providers !== undefined
  ) {
    throw new OrgConnectionsError(
      "invalid-input",
      `OrgConnection "${name}": the option \`provider\` has no effect. ${remedy}`,
    );
  }
  if (source === undefined && opts?.parent?.getProvider("datadog:index:OrgConnection") !== undefined) {
    throw new OrgConnectionsError(
      "invalid-input",
      `OrgConnection "${name}" inherits a provider of the package datadog from its parent, and would still use the ` +
        `default keys. ${remedy}`,
    );
  }
}
