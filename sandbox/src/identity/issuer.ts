import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { anyObject, createObjectSchema, nonEmptyString } from "../input.js";

/** The path of the issuer. Its documents are below. */
export const ISSUER_PATH = "/_sandbox/issuer";
/** The path of the endpoint that issues tokens as GitHub Actions does for a job. */
export const GITHUB_PATH = `${ISSUER_PATH}/github/token`;

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
