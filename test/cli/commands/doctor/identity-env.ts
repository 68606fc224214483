/** Environments with a workload identity of the organization `payments`. */
import type { Sandbox } from "../../../../sandbox/src/index.js";

/** The UUID of the organization. */
export const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
export const AUDIENCE = `datadog/${PAYMENTS}`;
/** In the subject of the tokens. */
const SUBJECT = "job-canary";

/** Creates the environment with an identity of this type. */
export const createEnv = (type: string, sandbox: Sandbox) => ({
  DD_CLOUD_PROVIDER_TYPE__PAYMENTS: type,
  DD_ORG_UUID__PAYMENTS: PAYMENTS,
  DD_HOST__PAYMENTS: sandbox.url,
});

/** Creates the environment of a job of GitHub Actions. */
export const createJobEnv = (sandbox: Sandbox) => ({
  ...createEnv("github", sandbox),
  ACTIONS_ID_TOKEN_REQUEST_URL: sandbox.issuer.github.requestUrl,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: sandbox.issuer.github.requestToken,
});

/** Maps jobs of the main branch. */
export const mapJob = (sandbox: Sandbox, scopes?: string[]): void =>
  sandbox.mapIdentity({
    organization: "payments",
    identity: { type: "jwt", claims: { repository: "acme/infrastructure", ref: "refs/heads/main" } },
    scopes,
  });

/** Creates the environment with a token. */
export const createTokenEnv = (token: string, sandbox: Sandbox) => ({
  ...createEnv("oidc", sandbox),
  DD_OIDC_TOKEN__PAYMENTS: token,
});

/** Issues a token of the subject of {@link mapSubject}. */
export const issueToken = (sandbox: Sandbox, lifetimeSeconds = 300): Promise<string> =>
  sandbox.issuer.issueToken({ audience: AUDIENCE, subject: SUBJECT, lifetimeSeconds });

/** Maps the tokens of {@link issueToken}. */
export const mapSubject = (sandbox: Sandbox): void =>
  sandbox.mapIdentity({ organization: "payments", identity: { type: "jwt", claims: { sub: SUBJECT } } });

/** Lists the received requests: the call, and its kind of credentials. */
export const listRequests = (sandbox: Sandbox): string[] =>
  sandbox.requests.map(({ route, credentials }) => `${route}: ${credentials}`);
