import { beforeAll, describe, expect, test } from "vitest";
import type { Sandbox, SandboxSeed } from "../../../sandbox/src/index.js";
import { CONNECTIONS, createBody, UNKNOWN_ID, useSandbox } from "../../sandbox/harness.js";
import type { Exchange } from "../gateway/gateway.js";
import { getKeys, type TestGateway, useGateways } from "../gateway/use-gateway.js";
import { createRecording } from "./create-recording.js";
import { formatRecording, parseRecording, type Recording } from "./recording.js";
import { replayRecording } from "./replay.js";

const createId = (number: number): string => `deadbeef-feed-4ace-8bad-00000000000${number}`;

const createUser = (name: string) => ({
  id: createId(name.length),
  handle: `canary-handle-${name}@example.org`,
  email: `canary-address-${name}@example.org`,
  name: `Canary Person ${name}`,
});

/** Organizations whose names and credentials a search can find. */
const canarySeed: SandboxSeed = {
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

const getSandbox = useSandbox({ seed: canarySeed, rateLimit: { limit: 1000, periodSeconds: 3600 } });
const start = useGateways(getSandbox);

let exchanges: Exchange[] = [];
let recording: Recording;

test("a run is recorded", async () => {
  const run = await start();
  await runRequests(run, getSandbox());
  expect(run.gateway.refusals).toEqual([]);
  ({ exchanges } = run);
  const { bearerToken, id } = getSandbox().getOrganization("payments");
  // No response shows whose token it is.
  recording = createRecording(exchanges, new Map([[bearerToken, id]]));
  expect(recording.exchanges).toHaveLength(18);
  expect(recording.exchanges.map(({ status }) => status)).toEqual([
    200, 200, 200, 200, 200, 200, 409, 200, 200, 200, 200, 200, 403, 401, 200, 404, 404, 200,
  ]);
});

describe("a recording of a run", () => {
  beforeAll(() => expect(recording).toBeDefined());

  test("has no credential, no real name, address, ID or date", () => {
    const sent = JSON.stringify(exchanges);
    // The search finds what the exchanges contain.
    for (const text of [
      "canary-api",
      "canary-app",
      "canary-token",
      "Canary Person",
      "Canary Organization",
      "deadbeef",
    ])
      expect(sent).toContain(text);
    const text = formatRecording(recording);
    expect(text).not.toMatch(/canary/i);
    expect(text).not.toContain("deadbeef");
    expect(text).not.toContain(String(new Date().getFullYear()));
    for (const id of sent.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? [])
      expect(text.toLowerCase()).not.toContain(id.toLowerCase());
  });

  test("replays without a difference, also after it was written and read", async () => {
    expect(await replayRecording(parseRecording(formatRecording(recording), "the recording"))).toEqual([]);
  });

  test("replaces a value by the same one everywhere", () => {
    const [create, conflict, update] = recording.exchanges.slice(5, 8);
    const { data } = create?.body as {
      data: { id: string; relationships: Record<string, { data: { id: string } }> };
    };
    expect(update?.path).toBe(`/api/v2/org_connections/${data.id}`);
    const [source, sink] = ["source_org", "sink_org"].map((name) => data.relationships[name]?.data.id);
    expect(conflict?.body).toEqual({
      errors: [`connection between orgs ${source} and ${sink} already exists`],
    });
    expect(recording.organizations.map(({ id }) => id)).toEqual(expect.arrayContaining([source, sink]));
  });

  test("has only the headers that are compared", () => {
    const names = new Set(recording.exchanges.flatMap(({ headers }) => Object.keys(headers)));
    const limits = ["limit", "period", "remaining", "reset", "name"].map((name) => `x-ratelimit-${name}`);
    expect([...names].sort()).toEqual(["content-type", ...limits].sort());
    expect(exchanges[0]?.responseHeaders).toHaveProperty("date");
  });

  test("differs from a replay wherever a response is changed", async () => {
    const undetected: string[] = [];
    // Each one takes a replay. A prime number reaches all fields of all kinds of responses.
    const changes = listChanges(recording).filter((_, at) => at % 7 === 0);
    for (const { place, changed } of changes)
      if ((await replayRecording(changed)).length === 0) undetected.push(place);
    expect(undetected).toEqual([]);
    expect(changes.length).toBeGreaterThan(30);
  });

  test.each([
    ["a header", { responseHeaders: { "x-canary": "canary-value" } }],
    [
      "a field of a user",
      respondWith({ included: [{ type: "users", id: "a", attributes: { title: "canary-value" } }] }),
    ],
    ["a field of a connection", respondWith({ data: { note: "canary-value" } })],
    ["a body that is not JSON", { responseBody: "<html>canary-value</html>" }],
    ["a filter by a name", { path: "/api/v2/org?filter[name]=canary-value" }],
    ["an unknown call", { path: "/api/v2/canary-value" }],
    ["an error of a server", { status: 502, responseBody: "canary-value" }],
  ])("leaves out %s that can contain anything", (_, change) => {
    const [first] = exchanges;
    if (!first) throw new Error("no exchange");
    expect(JSON.stringify(createRecording([first, { ...first, ...change }]))).not.toContain("canary-value");
  });

  test("is an error if a message contains a credential", () => {
    const [first] = exchanges;
    if (!first) throw new Error("no exchange");
    const { apiKey } = getSandbox().getOrganization("payments");
    const responseBody = JSON.stringify({ errors: [`the key ${apiKey} is unknown`] });
    expect(() => createRecording([{ ...first, status: 403, responseBody }])).toThrow("contains a credential");
  });
});

function respondWith(body: unknown): Partial<Exchange> {
  return { responseBody: JSON.stringify(body) };
}

interface Change {
  place: string;
  changed: Recording;
}

/** Lists copies of a recording, each with a change of one value in one response. */
function listChanges(original: Recording): Change[] {
  return original.exchanges.flatMap(({ status, headers, body }, exchange) =>
    listLeaves({ status, headers, body }, []).map((leaf) => {
      const changed = structuredClone(original);
      changeLeaf(changed.exchanges[exchange], leaf);
      return { place: `${exchange + 1}: ${leaf.join(".")}`, changed };
    }),
  );
}

function listLeaves(value: unknown, at: readonly string[]): string[][] {
  if (typeof value !== "object" || value === null) return [[...at]];
  return Object.entries(value).flatMap(([name, item]) => listLeaves(item, [...at, name]));
}

function changeLeaf(root: unknown, [name = "", ...rest]: readonly string[]): void {
  const parent = root as Record<string, unknown>;
  if (rest.length > 0) changeLeaf(parent[name], rest);
  else parent[name] = changeValue(parent[name]);
}

/** Changes one character of a string, so that an ID stays an ID and a date a date. */
function changeValue(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value !== "string") return !value;
  return value.slice(0, -1) + (value.endsWith("1") ? "2" : "1");
}

/** Sends one request of each kind through a gateway, so that each kind of exchange is in the recording. */
async function runRequests({ gateway }: TestGateway, sandbox: Sandbox): Promise<void> {
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
