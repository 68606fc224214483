/** `doctor` with a workload identity that Datadog accepts, and what no output contains. */
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { startSandbox } from "../../../../sandbox/src/index.js";
import {
  AUDIENCE,
  createJobEnv,
  createTokenEnv,
  issueToken,
  listRequests,
  mapJob,
  mapSubject,
  PAYMENTS,
} from "./identity-env.js";
import { containing, findCheck, listen, useDoctor } from "./use-doctor.js";

const { sandbox, runDoctor } = useDoctor();

describe("an identity that Datadog accepts", () => {
  test("every check passes, in the order of the exchange, with three requests that have no key", async () => {
    mapJob(sandbox());
    const { checks } = await runDoctor(createJobEnv(sandbox()));
    expect(checks.map(({ check, verdict }) => `${check}: ${verdict}`)).toEqual([
      "credentials: ok",
      "proof: ok",
      "host: ok",
      "clock: ok",
      "exchange: ok",
      "site: ok",
      "token: ok",
      "organization: ok",
      "owner: unknown",
      "read: ok",
      "feature: ok",
      "write: ok",
    ]);
    expect(listRequests(sandbox())).toEqual([
      "exchangeToken: proof",
      "listConnections: token",
      "listOrganizations: token",
    ]);
  });

  test("the settings, the subject of the proof and the life of the token are shown", async () => {
    mapJob(sandbox());
    const { checks } = await runDoctor(createJobEnv(sandbox()));
    const found = (name: string) => findCheck(checks, name)?.found;
    expect(found("credentials")).toBe(
      `A workload identity of GitHub Actions is set for organization ${PAYMENTS}: DD_CLOUD_PROVIDER_TYPE__PAYMENTS.`,
    );
    expect(found("proof")).toContain(
      `The proof is from GitHub Actions: a token with iss "${sandbox().issuer.url}", sub "repo:acme/infrastructure:ref:refs/heads/main", ` +
        `repository "acme/infrastructure", ref "refs/heads/main", event_name "push". Its audience is "${AUDIENCE}". It expires at 2`,
    );
    expect(found("exchange")).toContain(PAYMENTS);
    expect(found("token")).toBe(
      "Datadog accepts the access token. The token expires in 15 minutes. An operation that takes longer renews its token in time.",
    );
    expect(findCheck(checks, "owner")?.next).toContain("service account");
  });

  test("its organization is that of the token, also if it has no connection and may only read", async () => {
    mapJob(sandbox(), ["org_connections_read"]);
    const reader = await runDoctor(createJobEnv(sandbox()));
    expect(findCheck(reader.checks, "organization")).toMatchObject({
      verdict: "ok",
      found: `The credentials belong to ${PAYMENTS}, as configured.`,
    });
    expect(reader.problems).toMatchObject([{ check: "write", cause: "missing-permission" }]);
    expect(reader.problems[0]?.next).toContain("the account that the identity is mapped to");
    expect((await runDoctor(createJobEnv(sandbox()), "--read-only")).problems).toEqual([]);
  });

  test("a person as the creator of connections leads to the mapping", async () => {
    mapJob(sandbox());
    sandbox().connect({ source: "payments", sink: "observability" });
    const { checks } = await runDoctor(createJobEnv(sandbox()));
    expect(findCheck(checks, "creators")?.next).toContain("Map the identity to a service account");
  });

  test("the proof is from the variable that the client uses", async () => {
    const token = await issueToken(sandbox());
    mapSubject(sandbox());
    const env = { ...createTokenEnv(token, sandbox()), DD_OIDC_TOKEN: "unused" };
    expect(findCheck((await runDoctor(env)).checks, "proof")).toMatchObject({
      verdict: "ok",
      found: containing("The proof is from DD_OIDC_TOKEN__PAYMENTS: a token with iss "),
    });
  });
});

describe("secrets", () => {
  test("a server that repeats the proof and the token does not get them into the output", async () => {
    const token = await issueToken(sandbox());
    const server = createServer((request, response) => {
      const isExchange = request.url === "/api/v2/delegated-token";
      const data = { attributes: { access_token: "access-token-canary", expires: "9999999999" } };
      const errors = [`bad ${request.headers.authorization}`, `bad ${token}`];
      const refer = (id: string, name: string) => ({ data: { type: "orgs", id, name } });
      const row = {
        type: "org_connection",
        id: "cccccccc-0001-4000-8000-000000000001",
        attributes: { connection_types: ["logs"], created_at: "2026-01-01T00:00:00+00:00" },
        relationships: {
          source_org: refer(PAYMENTS, `named ${request.headers.authorization} ${token}`),
          sink_org: refer("aaaaaaaa-0001-4000-8000-000000000001", "Hub"),
        },
      };
      const isList = request.url?.startsWith("/api/v2/org_connections") === true;
      const body = isExchange ? { data, errors } : isList ? { data: [row] } : { errors };
      response.writeHead(isExchange || isList ? 200 : 403, { "Content-Type": "application/json" });
      response.end(JSON.stringify(body));
    });
    const env = { ...createTokenEnv(token, sandbox()), DD_HOST__PAYMENTS: `http://${await listen(server)}` };
    const { stdout } = await runDoctor(env);
    server.close();
    expect(stdout).toContain("bad Bearer [credential]; bad [credential]");
    expect(stdout).toContain("named Bearer [credential] [credential]");
    expect(stdout).not.toMatch(/eyJ|access-token-canary/);
  });

  test("the proof is sent to no other site, also with --try-sites", async () => {
    const other = await startSandbox();
    await runDoctor(createJobEnv(sandbox()), "--try-sites", other.url);
    expect(listRequests(sandbox())).toEqual(["exchangeToken: proof"]);
    expect(other.requests).toEqual([]);
    await other.close();
  });
});
