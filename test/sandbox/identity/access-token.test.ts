import { describe, expect, test } from "vitest";
import { startSandbox, type IdentityMapping } from "../../../sandbox/src/index.js";
import { CONNECTIONS, create, createBody, createClock, useSandbox } from "../harness.js";
import {
  awsRole,
  createAwsProof,
  exchange,
  formatAudience,
  getAccessToken,
  sendWithToken,
} from "./exchange.js";

const clock = createClock();
const sandbox = useSandbox({ now: clock.now, tokenLifetimeSeconds: 120 });
const robot = {
  id: "cccccccc-0004-4000-8000-000000000004",
  handle: "robot@example.com",
  email: "robot@example.com",
  name: "Robot",
  serviceAccount: true,
};

/** Maps every token of the issuer, and exchanges one. */
async function startToken(mapping: Partial<IdentityMapping> = {}): Promise<string> {
  const { organization = "payments" } = mapping;
  sandbox().mapIdentity({ organization, identity: { type: "jwt", claims: {} }, ...mapping });
  const audience = formatAudience(sandbox(), organization);
  return getAccessToken(sandbox(), await sandbox().issuer.issueToken({ audience }));
}
const getSinkBody = () => createBody(sandbox().getOrganization("observability").id, ["logs"]);
const createWith = (token: string) => sendWithToken(sandbox(), token, "POST", CONNECTIONS, getSinkBody());

describe("an access token", () => {
  test("acts as the user of its organization", async () => {
    const token = await startToken();
    expect(await createWith(token)).toBe(200);
    const { id, user } = sandbox().getOrganization("payments");
    expect(sandbox().listConnections()).toMatchObject([{ sourceOrgId: id, createdBy: user.id }]);
    expect(sandbox().requests.at(-1)).toMatchObject({ credentials: "token", organization: "payments" });
  });

  test("acts as the mapped user", async () => {
    expect(await createWith(await startToken({ user: robot }))).toBe(200);
    expect(sandbox().listConnections()).toMatchObject([{ createdBy: robot.id }]);
  });

  test("has the scopes of its mapping, not the permissions of the organization", async () => {
    const reader = await startToken({ scopes: ["org_connections_read"] });
    expect([await sendWithToken(sandbox(), reader), await createWith(reader)]).toEqual([200, 403]);
    sandbox().setPermissions("payments", []);
    expect(await sendWithToken(sandbox(), reader)).toBe(200);
  });

  test("without scopes has the current permissions of the organization", async () => {
    const token = await startToken();
    sandbox().setPermissions("payments", ["org_connections_read"]);
    expect([await sendWithToken(sandbox(), token), await createWith(token)]).toEqual([200, 403]);
  });

  test("keeps the user and the scopes that it was issued with", async () => {
    const token = await startToken({ user: robot });
    const next = await startToken({ scopes: [] });
    expect([await createWith(token), await createWith(next)]).toEqual([200, 403]);
  });

  test("expires, by the clock of the sandbox", async () => {
    const token = await startToken();
    // The clock is half a second after the full one, and `expires` has full seconds.
    clock.advance(119);
    expect(await sendWithToken(sandbox(), token)).toBe(200);
    clock.advance(1);
    expect(await sendWithToken(sandbox(), token)).toBe(401);
  });

  test("expires with all others by expireTokens; a new exchange works", async () => {
    const tokens = [await startToken(), await startToken()];
    sandbox().expireTokens();
    expect(await Promise.all(tokens.map((token) => sendWithToken(sandbox(), token)))).toEqual([401, 401]);
    expect(await sendWithToken(sandbox(), await startToken())).toBe(200);
  });

  test("does not survive a reset, which also removes the mapping", async () => {
    const token = await startToken();
    const proof = await sandbox().issuer.issueToken({ audience: formatAudience(sandbox()) });
    sandbox().reset();
    expect(await sendWithToken(sandbox(), token)).toBe(401);
    expect((await exchange(sandbox(), proof)).status).toBe(403);
  });

  test("is not accepted together with a key or as the application key", async () => {
    const token = await startToken();
    const send = async (headers: Record<string, string>) =>
      (await fetch(`${sandbox().url}${CONNECTIONS}`, { headers })).status;
    expect(await send({ Authorization: `Bearer ${token}`, "DD-API-KEY": "sandbox-api-key-payments" })).toBe(
      401,
    );
    expect(await send({ "DD-APPLICATION-KEY": token, "DD-API-KEY": "sandbox-api-key-payments" })).toBe(403);
  });

  test("does not replace the keys of the organization", async () => {
    await startToken({ user: robot, scopes: [] });
    const { status } = await create(sandbox(), sandbox().getOrganization("observability").id);
    expect(status).toBe(200);
  });
});

test("the log names the call, and contains no proof and no token", async () => {
  const token = await startToken();
  sandbox().mapIdentity({ organization: "payments", identity: { type: "aws", ...awsRole } });
  const { id } = sandbox().getOrganization("payments");
  const proof = await createAwsProof({ organizationId: id, at: clock.now() });
  await exchange(sandbox(), proof);
  await sendWithToken(sandbox(), token);
  const [first, second] = sandbox().requests;
  expect([first, second]).toMatchObject(
    [1, 2].map(() => ({
      route: "exchangeToken",
      path: "/api/v2/delegated-token",
      auth: "headers",
      credentials: "proof",
      organization: "payments",
      status: 200,
    })),
  );
  const log = JSON.stringify(sandbox().requests);
  for (const secret of [token, proof, awsRole.sessionToken, "eyJ"]) expect(log).not.toContain(secret);
});

test("the rate limit of the organization includes exchanges", async () => {
  const limited = await startSandbox({ rateLimit: { limit: 1, periodSeconds: 60 } });
  try {
    limited.mapIdentity({ organization: "payments", identity: { type: "jwt", claims: {} } });
    const proof = await limited.issuer.issueToken({ audience: formatAudience(limited) });
    const responses = [await exchange(limited, proof), await exchange(limited, proof)];
    expect(responses.map(({ status }) => status)).toEqual([200, 429]);
  } finally {
    await limited.close();
  }
});
