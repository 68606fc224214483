import { describe, expect, test } from "vitest";
import { Sessions } from "../../../core/src/operation/sessions.js";
import {
  createErrorReply,
  createTokenReply,
  toExpires,
  useIdentityServer,
} from "../identity/identity-server.js";

const server = useIdentityServer();
const IDS = {
  PAYMENTS: "aaaaaaaa-0001-4000-8000-000000000001",
  SEARCH: "aaaaaaaa-0002-4000-8000-000000000002",
};

const EXPIRES = Number(toExpires(600));

/** Creates the token of an issuer for an organization. The server does not check its signature. */
function createJwt(organizationId: string): string {
  const claims = { iss: "https://issuer.example", aud: `datadog/${organizationId}`, exp: EXPIRES };
  return [{ alg: "RS256" }, claims, "signature"]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
}

/** Creates the sessions of `payments` and `search`, each with an identity in the environment. */
function createSessions(more: Record<string, string> = {}) {
  const { baseUrl } = server.options();
  const env: Record<string, string> = {};
  for (const [suffix, id] of Object.entries(IDS)) {
    env[`DD_CLOUD_PROVIDER_TYPE__${suffix}`] = "oidc";
    env[`DD_ORG_UUID__${suffix}`] = id;
    env[`DD_OIDC_TOKEN__${suffix}`] = createJwt(id);
    env[`DD_HOST__${suffix}`] = baseUrl;
  }
  const settings = { config: () => undefined, env: { ...env, ...more } };
  return new Sessions(
    () => settings,
    () => undefined,
  );
}

describe("sessions with an identity", () => {
  test("exchange one proof for each organization, which the other one never uses", async () => {
    const sessions = createSessions();
    const names = ["payments", "search", "payments", "search"];
    await Promise.all(
      names.map((name) =>
        sessions
          .getSession(name)
          .getOrganizations()
          .catch(() => undefined),
      ),
    );
    await Promise.all(names.map((name) => sessions.getSession(name).getListing()));
    const proofs = server.exchanges.map(({ headers }) => headers.authorization ?? "");
    expect(proofs.toSorted()).toEqual(
      Object.values(IDS)
        .map((id) => `Delegated oidc-${createJwt(id)}`)
        .toSorted(),
    );
    const tokens = server.calls.map(({ headers }) => headers.authorization);
    expect(new Set(tokens).size).toBe(2);
  });

  test("are separate for two organizations with the same issuer", () => {
    const sessions = createSessions();
    expect(sessions.getSession("payments")).not.toBe(sessions.getSession("search"));
    expect(sessions.getSession("payments")).toBe(sessions.getSession("payments"));
  });

  test("are proven to be the organization that the token was issued for", () => {
    const { organizationId, authentication } = createSessions().getSession("payments").credentials;
    expect(organizationId).toBe(IDS.PAYMENTS);
    expect(authentication).toMatchObject({ kind: "identity", organizationId: IDS.PAYMENTS });
  });

  test("send nothing if there is no proof, and name the organization", async () => {
    const sessions = createSessions({ DD_OIDC_TOKEN__PAYMENTS: "" });
    await expect(sessions.getSession("payments").getListing()).rejects.toMatchObject({
      code: "identity-missing",
      happened: expect.stringContaining('organization "payments"') as string,
    });
    expect([...server.exchanges, ...server.calls]).toEqual([]);
  });

  test("report a refusal of each organization on its own", async () => {
    server.onExchange((number) =>
      number === 1
        ? createErrorReply(403)
        : createTokenReply({ access_token: "accepted", expires: toExpires(900) }),
    );
    server.onCall(() => ({ body: { data: [] } }));
    const sessions = createSessions();
    await expect(sessions.getSession("payments").getListing()).rejects.toMatchObject({
      code: "identity-not-mapped",
    });
    expect((await sessions.getSession("search").getListing()).connections).toEqual([]);
  });
});
