/** Sandboxes that contain given connections from the start, with their IDs. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { startSandbox, type Sandbox, type SeedOrganization } from "../../sandbox/src/index.js";
import { createOrganizations, type SandboxOrganization } from "../../sandbox/src/organizations.js";
import { writeState } from "../../sandbox/src/state-file.js";
import { toVariableSuffix } from "../../core/src/credentials/setting-names.js";
import { createEnv } from "../cli/live-env.js";
import { ROOT } from "../tree.js";

/** A connection that exists when the sandbox starts. */
export interface ExistingConnection {
  id: string;
  sourceOrgId: string;
  sinkOrgId: string;
  connectionTypes: string[];
  /** RFC 3339 with microseconds, as in the API. */
  createdAt: string;
  /** UUID of the user who created it. @default the user of the source organization */
  createdBy?: string | undefined;
}

/** What a sandbox contains at its start. */
export interface SandboxContent {
  organizations: SeedOrganization[];
  connections: readonly ExistingConnection[];
}

/** The key of the organization with the default credentials. A named organization cannot be called `default`. */
export const DEFAULT_KEY = "default-organization";

/** Starts a sandbox with this content. A seed has no IDs of connections, so it is the state file of an earlier sandbox. */
export async function startSandboxWith({ organizations, connections }: SandboxContent): Promise<Sandbox> {
  mkdirSync(path.join(ROOT, ".local"), { recursive: true });
  const folder = mkdtempSync(path.join(ROOT, ".local/upgrades-"));
  const stateFile = path.join(folder, "sandbox.json");
  const stored = createOrganizations({ accounts: [{ name: "Acme", organizations }] });
  writeState(stateFile, {
    organizations: stored,
    connections: connections.map((connection) => ({
      ...connection,
      createdBy: createUser(stored, connection),
    })),
    identities: [],
    accessTokens: [],
  });
  const sandbox = await startSandbox({ stateFile });
  const close = sandbox.close.bind(sandbox);
  return Object.assign(sandbox, {
    close: () => close().finally(() => rmSync(folder, { recursive: true, force: true })),
  });
}

function createUser(
  organizations: readonly SandboxOrganization[],
  { sourceOrgId, createdBy }: ExistingConnection,
) {
  const user = organizations.find(({ id }) => id === sourceOrgId)?.user;
  if (!user) throw new Error(`the sandbox has no organization ${sourceOrgId}`);
  return createdBy === undefined ? user : { ...user, id: createdBy };
}

/** Creates the environment of a stack: the credentials of the named organizations, and of providers that the program declares. */
export function createStackEnv(sandbox: Sandbox): Record<string, string> {
  const { apiKey, appKey } = sandbox.getOrganization(DEFAULT_KEY);
  const named = sandbox.organizations.filter(({ key }) => key !== DEFAULT_KEY);
  return {
    ...createEnv(
      sandbox,
      named.map(({ key }) => key),
    ),
    ...Object.fromEntries(
      named.flatMap((organization) => {
        const name = toVariableSuffix(organization.key);
        return [
          [`${name}_API_KEY`, organization.apiKey],
          [`${name}_APP_KEY`, organization.appKey],
        ];
      }),
    ),
    DD_HOST: sandbox.url,
    DD_API_KEY: apiKey,
    DD_APP_KEY: appKey,
  };
}
