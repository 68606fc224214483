import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../input.js";
import { sendJson } from "../send-json.js";
import { createGitHubClaims } from "./github-claims.js";
import { ALGORITHM, GITHUB_PATH, ISSUER_PATH, type Issuer } from "./issuer.js";

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
