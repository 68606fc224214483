import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import {
  builtInSeed,
  createSeed,
  parseSeed,
  startSandbox,
  type Sandbox,
  type SandboxOptions,
} from "../../../sandbox/src/index.js";
import { useSandbox } from "../harness.js";
import {
  awsRole,
  createAwsProof,
  exchange,
  formatAudience,
  getAccessToken,
  sendWithToken,
} from "./exchange.js";

const sandbox = useSandbox();
const mapping = { organization: "payments", identity: { type: "jwt", claims: { team: "a" } } } as const;
const issue = (target: Sandbox) =>
  target.issuer.issueToken({ audience: formatAudience(target), claims: { team: "a" } });
const createRoleProof = (target: Sandbox) =>
  createAwsProof({ organizationId: target.getOrganization("payments").id });

let running: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(running.map((one) => one.close()));
  running = [];
});
async function start(options: SandboxOptions): Promise<Sandbox> {
  const started = await startSandbox(options);
  running.push(started);
  return started;
}

test.each([
  [{ ...mapping, organization: "unknown" }, 'no organization "unknown" in the sandbox'],
  [{ identity: mapping.identity }, "mapping.organization must be a string"],
  [{ ...mapping, identity: { type: "saml" } }, 'mapping.identity.type must be "jwt" or "aws"'],
  [{ ...mapping, identity: { type: "jwt" } }, "mapping.identity.claims must be an object"],
  [
    { ...mapping, identity: { type: "jwt", claims: { team: null } } },
    "mapping.identity.claims.team must be a string, a number, true or false",
  ],
  [
    { ...mapping, identity: { type: "aws", accessKeyId: "a" } },
    "mapping.identity.secretAccessKey must be a string",
  ],
  [{ ...mapping, scopes: "read" }, "mapping.scopes must be a list of strings"],
  [{ ...mapping, scope: [] }, 'mapping has an unknown field "scope"'],
])("mapIdentity refuses %j", (input, message) => {
  expect(() => sandbox().mapIdentity(input as never)).toThrow(message);
});

test("the same identity mapped again replaces the mapping; of several that apply, the first one does", async () => {
  const exchangeAndList = async () =>
    sendWithToken(sandbox(), await getAccessToken(sandbox(), await issue(sandbox())));
  sandbox().mapIdentity({ ...mapping, scopes: [] });
  sandbox().mapIdentity({ ...mapping, identity: { type: "jwt", claims: {} } });
  expect(await exchangeAndList()).toBe(403);
  sandbox().mapIdentity(mapping);
  expect(await exchangeAndList()).toBe(200);
});

describe("a seed", () => {
  const role = { organization: "payments", identity: { type: "aws", ...awsRole } } as const;
  const seed = { ...builtInSeed, identities: [mapping, role] };

  test("has identities at the start and after a reset, also if it is extended", async () => {
    const started = await start({
      seed: parseSeed(JSON.parse(JSON.stringify(createSeed({ base: seed, sources: 1 })))),
    });
    expect((await exchange(started, await issue(started))).status).toBe(200);
    expect((await exchange(started, await createRoleProof(started))).status).toBe(200);
    started.reset();
    expect((await exchange(started, await issue(started))).status).toBe(200);
  });

  test.each([
    [[{ ...mapping, organization: "unknown" }], 'no organization "unknown" in the sandbox'],
    ["x", "options.seed.identities must be a list of identities"],
    [[{ ...mapping, claims: {} }], 'options.seed.identities.0 has an unknown field "claims"'],
  ])("with the identities %j is refused", async (identities, message) => {
    await expect(startSandbox({ seed: { ...builtInSeed, identities } as never })).rejects.toThrow(message);
  });
});

test.each([
  [{ tokenLifetimeSeconds: -1 }, "options.tokenLifetimeSeconds must be a whole number"],
  [{ tokenLifetimeSeconds: "900" }, "options.tokenLifetimeSeconds must be a whole number"],
])("startSandbox refuses the options %j", async (options, message) => {
  await expect(startSandbox(options as never)).rejects.toThrow(message);
});

describe("a state file", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "identity-"));
  const stateFile = path.join(folder, "state.json");
  afterAll(() => rmSync(folder, { recursive: true }));

  test("contains mappings and access tokens; a file of an earlier version has neither", async () => {
    const first = await start({ stateFile });
    first.mapIdentity({ ...mapping, scopes: ["org_connections_read"] });
    first.mapIdentity({ organization: "payments", identity: { type: "aws", ...awsRole } });
    const token = await getAccessToken(first, await issue(first));

    const second = await start({ stateFile });
    expect(await sendWithToken(second, token)).toBe(200);
    expect(await sendWithToken(second, token, "GET", "/api/v2/org")).toBe(403);
    expect((await exchange(second, await issue(second))).status).toBe(200);
    expect((await exchange(second, await createRoleProof(second))).status).toBe(200);
    second.expireTokens();
    expect(await sendWithToken(await start({ stateFile }), token)).toBe(401);

    const { identities, accessTokens, ...earlier } = JSON.parse(readFileSync(stateFile, "utf8")) as Record<
      string,
      unknown
    >;
    expect([identities, accessTokens]).toEqual([expect.any(Array), []]);
    writeFileSync(stateFile, JSON.stringify(earlier));
    const third = await start({ stateFile });
    expect((await exchange(third, await issue(third))).status).toBe(403);
  });
});

describe("over HTTP", () => {
  async function post(name: string, body: unknown = {}): Promise<[number, Record<string, unknown>]> {
    const response = await fetch(`${sandbox().url}/_sandbox/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return [response.status, (await response.json()) as Record<string, unknown>];
  }

  test("map-identity, issue-token and expire-tokens", async () => {
    expect(await post("map-identity", mapping)).toEqual([200, {}]);
    const input = { audience: formatAudience(sandbox()), claims: { team: "a" } };
    const [status, { token: proof }] = await post("issue-token", input);
    expect(status).toBe(200);
    const token = await getAccessToken(sandbox(), String(proof));
    expect(await sendWithToken(sandbox(), token)).toBe(200);
    expect(await post("expire-tokens")).toEqual([200, {}]);
    expect(await sendWithToken(sandbox(), token)).toBe(401);
  });

  test.each([
    ["map-identity", {}, "body.organization must be a string"],
    ["issue-token", {}, "body.audience must be a string or a list of strings"],
  ])("%s with %j returns 400 and the reason", async (name, body, message) => {
    expect(await post(name, body)).toEqual([400, { errors: [message] }]);
  });
});
