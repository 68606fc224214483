import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as v from "valibot";
import { anyObject, createObjectSchema, nonEmptyString, readBody } from "../input.js";
import { sendJson } from "../send-response.js";

/** The path of the issuer. Its documents are below. */
export const ISSUER_PATH = "/_sandbox/issuer";
/** The path of the endpoint that issues tokens as GitHub Actions does for a job. */
const GITHUB_PATH = `${ISSUER_PATH}/github/token`;

/** The claims of a token. */
export interface IssueTokenInput {
  /** The claim `aud`. Datadog requires `datadog/<the organization's UUID>`. */
  audience: string | string[];
  /**
   * The claim `sub`.
   *
   * @default `sandbox-workload`
   */
  subject?: string | undefined;
  /** Other claims. They can also replace those of the issuer, such as `iss`. */
  claims?: Record<string, unknown> | undefined;
  /**
   * The time until the token expires. With 0 or less, it has expired already.
   *
   * @default 300
   */
  lifetimeSeconds?: number | undefined;
}

/** An issuer of JWTs, whose public keys are on the server of the sandbox. */
export interface SandboxIssuer {
  /** The claim `iss`. `/.well-known/openid-configuration` below it names the public keys. */
  readonly url: string;
  /** Issues a token. */
  issueToken(input: IssueTokenInput): Promise<string>;
  /** The values of the variables that GitHub Actions sets for a job with `id-token: write`. */
  readonly github: {
    /** `ACTIONS_ID_TOKEN_REQUEST_URL`. Additional query parameters are claims of the job, such as `&ref=refs/heads/next`. */
    readonly requestUrl: string;
    /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
    readonly requestToken: string;
  };
}

const LIFETIME_MESSAGE = "must be a whole number";

/** The schema of {@link IssueTokenInput}. */
export const issueTokenInputSchema = createObjectSchema({
  audience: v.union(
    [nonEmptyString, v.pipe(v.array(nonEmptyString), v.minLength(1, "must not be empty"))],
    "must be a string or a list of strings",
  ),
  subject: v.optional(nonEmptyString),
  claims: v.optional(v.pipe(anyObject, v.record(v.string(), v.unknown()))),
  lifetimeSeconds: v.optional(v.pipe(v.number(LIFETIME_MESSAGE), v.safeInteger(LIFETIME_MESSAGE))),
});

/** The algorithm of GitHub, Google, Microsoft Entra and HCP Terraform. */
export const ALGORITHM = "RS256";
const DEFAULT_LIFETIME_SECONDS = 300;

/** The issuer, with what only the sandbox itself uses. */
export type Issuer = ReturnType<typeof createIssuer>;

/**
 * Creates the issuer of a sandbox with this base URL. It has a new key pair, which it creates when it is first needed, so that a
 * sandbox without workload identities starts quickly.
 */
export function createIssuer(baseUrl: string, now: () => Date) {
  const url = `${baseUrl}${ISSUER_PATH}`;
  let keys: ReturnType<typeof createKeys> | undefined;
  const getKeys = () => (keys ??= createKeys());

  const issuer: SandboxIssuer = {
    url,
    issueToken: async ({ audience, subject = "sandbox-workload", claims, lifetimeSeconds }) => {
      const jose = await import("jose");
      const { privateKey, keyId } = await getKeys();
      const issuedAt = Math.floor(now().getTime() / 1000);
      return new jose.SignJWT({
        iss: url,
        sub: subject,
        aud: audience,
        jti: randomUUID(),
        iat: issuedAt,
        nbf: issuedAt,
        exp: issuedAt + (lifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS),
        ...claims,
      })
        .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: keyId })
        .sign(privateKey);
    },
    github: {
      // GitHub's URL has a query too, so a client must append `&audience=`.
      requestUrl: `${baseUrl}${GITHUB_PATH}?api-version=2.0`,
      requestToken: "sandbox-github-request-token",
    },
  };
  return {
    ...issuer,
    /** The public keys (JWKS). */
    readKeySet: async () => (await getKeys()).keySet,
  };
}

async function createKeys() {
  const { exportJWK, generateKeyPair } = await import("jose");
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  const keyId = randomUUID();
  const publicJwk = { ...(await exportJWK(publicKey)), kid: keyId, alg: ALGORITHM, use: "sig" };
  return { privateKey, keyId, keySet: { keys: [publicJwk] } };
}

const KEYS_PATH = `${ISSUER_PATH}/.well-known/jwks`;

/** Serves one request to the issuer. */
export async function serveIssuer(
  issuer: Issuer,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  await readBody(request);
  switch (`${request.method ?? ""} ${url.pathname}`) {
    case `GET ${ISSUER_PATH}/.well-known/openid-configuration`:
      sendJson(response, 200, {
        issuer: issuer.url,
        jwks_uri: issuer.url.replace(ISSUER_PATH, KEYS_PATH),
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: [ALGORITHM],
      });
      break;
    case `GET ${KEYS_PATH}`:
      sendJson(response, 200, await issuer.readKeySet());
      break;
    case `GET ${GITHUB_PATH}`:
      await sendJobToken(issuer, request.headers.authorization ?? "", response, url.searchParams);
      break;
    default:
      sendJson(response, 501, { errors: [`the issuer of the sandbox has no ${url.pathname}`] });
  }
}

/**
 * Sends the token of a job as GitHub Actions does:
 * https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-cloud-providers
 */
async function sendJobToken(
  issuer: Issuer,
  authorization: string,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  if (/^bearer (\S+)$/i.exec(authorization)?.[1] !== issuer.github.requestToken) {
    // Assumption: the status and the body.
    sendJson(response, 401, { message: "the request token is missing or unknown" });
    return;
  }
  const { audience, ...changes } = Object.fromEntries([...query].filter(([name]) => name !== "api-version"));
  const { sub, ...claims } = createGitHubClaims(changes);
  const value = await issuer.issueToken({
    audience: audience ?? `https://github.com/${claims["repository_owner"] ?? ""}`,
    subject: sub,
    claims,
  });
  sendJson(response, 200, { count: value.length, value });
}

/** A job of a push to the default branch. */
const defaultJob = {
  repository: "acme/infrastructure",
  repository_visibility: "private",
  ref: "refs/heads/main",
  ref_type: "branch",
  event_name: "push",
  workflow: "Deploy",
  actor: "octocat",
  run_id: "1",
  run_attempt: "1",
  runner_environment: "github-hosted",
};

/**
 * Creates the claims of a job of GitHub Actions: https://docs.github.com/en/actions/reference/security/oidc
 *
 * @param changes - claims that differ from those of a push to `main`. The claims that GitHub derives from others follow them
 */
function createGitHubClaims(changes: Readonly<Record<string, string>>): Record<string, string> {
  const job: typeof defaultJob & { environment?: string } = { ...defaultJob, ...changes };
  const { repository, ref } = job;
  return {
    sub: `repo:${repository}:${formatContext(job)}`,
    repository_owner: repository.split("/")[0] ?? "",
    job_workflow_ref: `${repository}/.github/workflows/deploy.yml@${ref}`,
    ...job,
  };
}

/** Formats the part of `sub` that says where the job runs: an environment takes precedence over the event and the branch. */
function formatContext(job: { environment?: string; event_name: string; ref: string }): string {
  if (job.environment !== undefined) return `environment:${job.environment}`;
  return job.event_name === "pull_request" ? "pull_request" : `ref:${job.ref}`;
}
