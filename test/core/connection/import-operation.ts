import type { Credentials } from "../../../core/src/credentials/resolve.js";
import { Session, type Client } from "../../../core/src/operation/session.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { createEntry, createOperation } from "./operation.js";

/** The settings of a configured organization that differ from its entry, and its name in the settings. */
type Settings = Record<string, { id?: string; apiKey?: string; name?: string }>;

/** Creates operations that have the credentials of some organizations of a sandbox. */
export const createImportOperations = (getSandbox: () => Sandbox) => ({
  /** Only these organizations are configured, each with the name of its key, or with another name. */
  createConfigured: (keys: readonly string[], more: Settings = {}, env: Record<string, string> = {}) => {
    const sandbox = getSandbox();
    const entries = keys.map((key) => {
      const { name = key, ...settings } = more[key] ?? {};
      return [name, createEntry(sandbox, key, settings)] as const;
    });
    const all = sandbox.organizations.map(({ key }) => [key, undefined] as const);
    const organizations = Object.fromEntries([...all, ...entries]);
    return createOperation(sandbox, { organizations, env, reportsOthers: true });
  },
  /** The variables of the default organization. */
  createDefaultKeys: (key: string): Record<string, string> => {
    const { apiKey, appKey } = getSandbox().getOrganization(key);
    const { url } = getSandbox();
    return { DD_API_KEY__DEFAULT: apiKey, DD_APP_KEY__DEFAULT: appKey, DD_HOST__DEFAULT: url };
  },
});

/** Creates a session whose identity proves the organization, so that it needs only these methods of a client. */
export const createProvenSession = (
  label: string,
  organizationId: string,
  client: Partial<Client>,
): Session =>
  new Session({ label, authentication: { kind: "identity", organizationId } } as Credentials, () =>
    Promise.resolve(client as Client),
  );
