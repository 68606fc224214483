/** The world of one engine operation: real sessions and the real client, with small waits and an engine that can go. */
import { OrgConnectionsClient } from "../../core/src/api/client.js";
import { resolveCredentials, type Credentials } from "../../core/src/credentials/resolve.js";
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/settings.js";
import { OrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { isLost } from "../../core/src/connection/lost.js";
import { Session, type Client } from "../../core/src/operation/session.js";
import type { ProcessWorld } from "../../provider/src/host/process-world.js";
import { ORG_OF, SOURCES, WITH_ID } from "./moves.js";
import type { Post, Scene } from "./scene.js";

/** A world whose engine can be gone, as `kill -9` does it: nothing more is written. */
export interface OperationWorld extends ProcessWorld {
  gone: boolean;
  readonly warnings: string[];
}

/** A new provider process: fresh sessions, nothing remembered. */
export function openWorld(
  scene: Scene,
  { adoptAll, tryTimeoutMs }: { adoptAll: boolean; tryTimeoutMs: number },
): OperationWorld {
  const settings = settingsOf(scene);
  const sessions = new Map<string, Session>();
  const world: OperationWorld = {
    gone: false,
    configure: () => Promise.resolve(),
    warnings: [],
    kept: new Map(),
    ended: new Set(),
    held: new Set(),
    claimedIds: new Map(),
    otherPairs: new Map(),
    adoptAll: () => adoptAll,
    warn: (message) => void world.warnings.push(message),
    checks: () => "online",
    session(source) {
      const credentials = resolveCredentials(source, settings);
      const key = JSON.stringify([credentials.apiKey, credentials.appKey, credentials.organizationId]);
      const session =
        sessions.get(key) ?? new Session(credentials, opener(scene, world, credentials, tryTimeoutMs));
      sessions.set(key, session);
      return session;
    },
  };
  return world;
}

/** Keys by environment variables, the configured `id` by stack configuration, as they are at this moment. */
function settingsOf(scene: Scene) {
  const env: Record<string, string> = {};
  for (const source of SOURCES) {
    const { apiKey, appKey } = scene.keysOf(source);
    const suffix = source.toUpperCase();
    env[`DD_API_KEY__${suffix}`] = apiKey;
    env[`DD_APP_KEY__${suffix}`] = appKey;
    env[`DD_HOST__${suffix}`] = scene.sandbox.url;
  }
  const organizations = WITH_ID.map((source) => [
    source,
    { id: scene.sandbox.organization(ORG_OF[source]).id },
  ]);
  const config: Record<string, string> = {
    [ORGANIZATIONS_KEY]: JSON.stringify(Object.fromEntries(organizations)),
  };
  return { env, config: (key: string) => (key === `${NAMESPACE}:checks` ? "online" : config[key]) };
}

function opener(scene: Scene, world: OperationWorld, credentials: Credentials, tryTimeoutMs: number) {
  let client: Promise<Client> | undefined;
  return () =>
    (client ??= Promise.resolve(
      watched(scene, world, credentials, realClient(world, credentials, tryTimeoutMs)),
    ));
}

function realClient(
  world: OperationWorld,
  credentials: Credentials,
  tryTimeoutMs: number,
): OrgConnectionsClient {
  return new OrgConnectionsClient({
    ...credentials,
    retry: { tries: 3, baseDelayMs: 2, maxDelayMs: 8, totalMs: 20_000 },
    tryTimeoutMs,
    random: () => 0.5,
    beforeWrite: () =>
      world.gone
        ? Promise.reject(new OrgConnectionsError("engine-gone", "The engine is gone."))
        : Promise.resolve(),
  });
}

/** The client, with each create written down: whose it was, and what its sender learned. */
function watched(
  scene: Scene,
  world: OperationWorld,
  { apiKey }: Credentials,
  client: OrgConnectionsClient,
): Client {
  const source = scene.sandbox.organizations.find((organization) => organization.apiKey === apiKey)?.key;
  return {
    list: (...args) => client.list(...args),
    update: (...args) => client.update(...args),
    delete: (...args) => client.delete(...args),
    organizations: () => client.organizations(),
    async create(sinkOrgId, types) {
      const post: Post = {
        pair: `${source ?? "nobody"} → ${scene.key(sinkOrgId)}`,
        outcome: "under way",
        world,
      };
      scene.posts.push(post);
      try {
        const made = await client.create(sinkOrgId, types);
        Object.assign(post, { outcome: "made", id: made.id });
        return made;
      } catch (error) {
        post.outcome = isLost(error) ? "lost" : "refused";
        throw error;
      } finally {
        post.endedAt = Date.now();
      }
    },
  };
}
