/**
 * The context of one engine operation: real sessions and the real client, with short waits and an engine that
 * can be killed.
 */
import { OrgConnectionsClient, createExchange } from "../../core/src/api/client.js";
import { listSecrets } from "../../core/src/api/authentication.js";
import {
  formatIdentifier,
  resolveCredentials,
  type Credentials,
} from "../../core/src/credentials/resolve.js";
import { listSources } from "../../core/src/credentials/organization-names.js";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/setting-names.js";
import { OrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { TokenSource } from "../../core/src/identity/token-source.js";
import { isUnknownOutcome } from "../../core/src/connection/failure-certainty.js";
import { createOperationContext, type OperationContext } from "../../core/src/operation/operation-context.js";
import { Session, type Client } from "../../core/src/operation/session.js";
import { ORG_BY_SOURCE, SOURCES, SOURCES_WITH_ID } from "./moves.js";
import type { CreateRequest, Scenario } from "./scenario.js";

/** An operation context whose engine can be gone, as after `kill -9`. Then no more writes are sent. */
export interface TestOperationContext extends OperationContext {
  gone: boolean;
  readonly warnings: string[];
}

/** Simulates a new provider process, with new sessions. */
export function openOperationContext(
  scenario: Scenario,
  { adoptAll, requestTimeoutMs }: { adoptAll: boolean; requestTimeoutMs: number },
): TestOperationContext {
  const settings = getSettings(scenario, adoptAll);
  const warnings: string[] = [];
  const byCredentials = new Map<string, Session>();
  const getSession = (source: string | undefined) => {
    const credentials = resolveCredentials(source, settings);
    const key = JSON.stringify([formatIdentifier(credentials), credentials.organizationId]);
    const session =
      byCredentials.get(key) ??
      new Session(credentials, createClientFactory(scenario, context, credentials, requestTimeoutMs));
    byCredentials.set(key, session);
    return session;
  };
  const context: TestOperationContext = {
    ...createOperationContext({
      getSettings: () => settings,
      sessions: { getSession },
      warn: (message) => void warnings.push(message),
      receivesResourceOptions: true,
    }),
    // With the short waits of these sessions.
    listConfiguredOrganizations: () =>
      listSources(settings).map((source) => ({ source, createSession: () => getSession(source) })),
    gone: false,
    warnings,
  };
  return context;
}

/** The current settings: keys or an identity in environment variables, the `id` in the stack configuration. */
function getSettings(scenario: Scenario, adoptAll: boolean) {
  const env: Record<string, string> = adoptAll ? { DATADOG_ORG_CONNECTIONS_ADOPT: "true" } : {};
  for (const source of SOURCES) {
    const { apiKey, appKey } = scenario.getKeyPair(source);
    const suffix = source.toUpperCase();
    if (scenario.identities.has(source)) {
      env[`DD_CLOUD_PROVIDER_TYPE__${suffix}`] = "oidc";
    } else {
      env[`DD_API_KEY__${suffix}`] = apiKey;
      env[`DD_APP_KEY__${suffix}`] = appKey;
    }
    env[`DD_HOST__${suffix}`] = scenario.sandbox.url;
  }
  const organizations = SOURCES_WITH_ID.map((source) => [
    source,
    {
      id: scenario.sandbox.getOrganization(ORG_BY_SOURCE[source]).id,
      // No failure of an identity may lead to these keys.
      ...(scenario.identities.has(source) && scenario.getKeyPair(source)),
    },
  ]);
  const config: Record<string, string> = {
    [ORGANIZATIONS_KEY]: JSON.stringify(Object.fromEntries(organizations)),
  };
  return { env, config: (key: string) => (key === `${NAMESPACE}:checks` ? "online" : config[key]) };
}

function createClientFactory(
  scenario: Scenario,
  context: TestOperationContext,
  credentials: Credentials,
  requestTimeoutMs: number,
) {
  let client: Promise<Client> | undefined;
  return () =>
    (client ??= Promise.resolve(
      recordCreates(
        scenario,
        context,
        credentials,
        createClient(scenario, context, credentials, requestTimeoutMs),
      ),
    ));
}

function createClient(
  { sandbox }: Scenario,
  context: TestOperationContext,
  credentials: Credentials,
  requestTimeoutMs: number,
): OrgConnectionsClient {
  const options = {
    ...credentials,
    retry: { maxAttempts: 3, baseDelayMs: 2, maxDelayMs: 8, callTimeoutMs: 20_000 },
    requestTimeoutMs,
    random: () => 0.5,
    beforeWrite: () =>
      context.gone
        ? Promise.reject(new OrgConnectionsError("engine-gone", "The engine is gone."))
        : Promise.resolve(),
  };
  const { authentication } = credentials;
  if (authentication.kind !== "identity") return new OrgConnectionsClient(options);
  const audience = `datadog/${authentication.organizationId}`;
  const accessTokens = new TokenSource({
    obtainProof: async () => `oidc-${await sandbox.issuer.issueToken({ audience })}`,
    exchangeProof: createExchange({ ...options, authentication }),
  });
  return new OrgConnectionsClient({ ...options, accessTokens });
}

/** Wraps the client to record each create request, its organization and its outcome. */
function recordCreates(
  scenario: Scenario,
  context: TestOperationContext,
  { authentication }: Credentials,
  client: OrgConnectionsClient,
): Client {
  const source = scenario.sandbox.organizations.find(({ id, apiKey }) =>
    authentication.kind === "identity"
      ? authentication.organizationId === id
      : listSecrets(authentication).includes(apiKey),
  )?.key;
  return {
    list: (...args) => client.list(...args),
    update: (...args) => client.update(...args),
    delete: (...args) => client.delete(...args),
    listOrganizations: () => client.listOrganizations(),
    async create(sinkOrgId, types) {
      const post: CreateRequest = {
        pair: `${source ?? "unknown"} → ${scenario.getKey(sinkOrgId)}`,
        outcome: "outstanding",
        context,
      };
      scenario.createRequests.push(post);
      try {
        const created = await client.create(sinkOrgId, types);
        Object.assign(post, { outcome: "created", id: created.id });
        return created;
      } catch (error) {
        post.outcome = isUnknownOutcome(error) ? "unknown" : "refused";
        throw error;
      } finally {
        post.endedAt = Date.now();
      }
    },
  };
}
