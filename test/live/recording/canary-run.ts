import { CONNECTIONS, createBody, UNKNOWN_ID } from "../../sandbox/harness.js";
import type { Sandbox, SandboxSeed } from "../../../sandbox/src/index.js";
import { getKeys, type TestGateway } from "../gateway/use-gateway.js";

const createId = (number: number): string => `deadbeef-feed-4ace-8bad-00000000000${number}`;

const createUser = (name: string) => ({
  id: createId(name.length),
  handle: `canary-handle-${name}@example.org`,
  email: `canary-address-${name}@example.org`,
  name: `Canary Person ${name}`,
});

/** Organizations whose names and credentials a search can find. */
export const canarySeed: SandboxSeed = {
  accounts: [
    {
      name: "Canary",
      organizations: ["payments", "observability", "security"].map((key, at) => ({
        key,
        id: createId(at + 1),
        name: `Canary Organization "${key}"`,
        apiKey: `canary-api-${key}-+/=`,
        appKey: `canary-app-${key}-+/=`,
        bearerToken: `canary-token-${key}`,
        user: createUser(key),
        permissions: ["org_connections_read", "org_connections_write", "org_app_keys_read"],
      })),
    },
  ],
  connections: [{ source: "security", sink: "observability", createdBy: createUser("another") }],
};

/** Sends one request of each kind through a gateway, so that each kind of exchange is in the recording. */
export async function runRequests({ gateway }: TestGateway, sandbox: Sandbox): Promise<void> {
  gateway.allowCreates();
  const { apiKey, appKey, bearerToken } = sandbox.getOrganization("payments");
  const keys = getKeys(sandbox, "payments");
  const send = async (
    method: string,
    path: string,
    headers: Record<string, string> = keys,
    body?: unknown,
  ) => {
    const response = await fetch(gateway.url + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as { data?: { id?: string } };
  };
  await send("GET", "/api/v2/org");
  await send("GET", "/api/v2/org", getKeys(sandbox, "observability"));
  await send("GET", "/api/v1/validate", { "dd-api-key": apiKey });
  await send("GET", "/api/v2/application_keys?include=owned_by");
  await send("GET", CONNECTIONS);
  const created = await send("POST", CONNECTIONS, keys, createBody(gateway.sinkOrgId, ["logs"]));
  await send("POST", CONNECTIONS, keys, createBody(gateway.sinkOrgId, ["logs"]));
  const id = created.data?.id ?? "";
  const update = {
    data: { type: "org_connection", id, attributes: { connection_types: ["logs", "metrics"] } },
  };
  await send("PATCH", `${CONNECTIONS}/${id}`, keys, update);
  const query = new URLSearchParams({
    sink_org_id: gateway.sinkOrgId,
    api_key: apiKey,
    application_key: appKey,
  });
  await send("GET", `${CONNECTIONS}?${query.toString()}`, {});
  await send("GET", `${CONNECTIONS}?limit=1`, { authorization: `Bearer ${bearerToken}` });
  await send("GET", CONNECTIONS, getKeys(sandbox, "observability"));
  await send("GET", `${CONNECTIONS}?sink_org_id=${gateway.sinkOrgId}`, getKeys(sandbox, "observability"));
  await send("GET", CONNECTIONS, { "dd-api-key": apiKey, "dd-application-key": "canary-unknown-key" });
  await send("GET", CONNECTIONS, {});
  await send("DELETE", `${CONNECTIONS}/${id.toUpperCase()}`);
  await send("DELETE", `${CONNECTIONS}/${id}`);
  await send("DELETE", `${CONNECTIONS}/${gateway.createUnusedId()}`);
  await send("GET", `${CONNECTIONS}?source_org_id=${UNKNOWN_ID}`);
}
