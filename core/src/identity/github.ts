import * as v from "valibot";
import type { JsonResult } from "../api/call.js";
import { OrgConnectionsError, type ErrorFacts } from "../api/org-connections-error.js";
import { isLoopback } from "../credentials/base-url.js";
import { checkToken, formatAudience, type TokenOrigin } from "./jwt.js";
import { readVariable, type ProofContext } from "./proof-context.js";

const URL_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_URL";
const TOKEN_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

const GRANT_PERMISSION =
  "Add `id-token: write` to the `permissions` of the job. GitHub does not grant it to pull requests from forks.";

const responseSchema = v.object({ value: v.string() });

/**
 * What messages say about a token from GitHub. The request asks for a new token for the right audience, so a wrong token may have
 * come from another server.
 */
const ORIGIN: TokenOrigin = {
  name: "GitHub Actions",
  contentAdvice: `Check that ${URL_VARIABLE} has the value that the runner set.`,
  audienceAdvice: `Check that ${URL_VARIABLE} has the value that the runner set.`,
  renewAdvice: "Run the job again.",
};

/**
 * Obtains the proof of a job of GitHub Actions: a token for the audience `datadog/<organization>`. This function requests the token
 * from GitHub, with the address and the credential that the runner sets:
 * https://docs.github.com/en/actions/reference/security/oidc.
 *
 * The proof is the token itself, without the prefix `oidc-` (oidc.ts). This is not documented, but inferred: Datadog documents a
 * separate mapping of identities to accounts for GitHub (https://docs.datadoghq.com/api/latest/cloud-authentication/), as for
 * Google Cloud and HCP Terraform, whose tokens have no prefix.
 *
 * @throws `identity-missing`, `identity-invalid`, `issuer-unreachable`
 */
export async function obtainGitHubProof(organizationId: string, context: ProofContext): Promise<string> {
  const url = readVariable(context, URL_VARIABLE);
  const requestToken = readVariable(context, TOKEN_VARIABLE);
  if (url === undefined || requestToken === undefined) {
    throw new OrgConnectionsError("identity-missing", {
      happened:
        `The workload identity of ${context.label} cannot be proven: ${url === undefined ? URL_VARIABLE : TOKEN_VARIABLE} is not set. ` +
        "Either this is not a job of GitHub Actions, or the job is not allowed to request a token.",
      advice: GRANT_PERMISSION,
    });
  }
  const { getJson } = await import("../api/call.js");
  const result = await getJson(
    buildUrl(url.value, formatAudience(organizationId), context),
    { Authorization: `bearer ${requestToken.value}` },
    context.timeoutMs,
  );
  return checkToken(readToken(result, context), organizationId, ORIGIN, context).text;
}

/**
 * Adds the audience to the address. The request token is sent only over TLS, or to this machine.
 *
 * @throws `identity-invalid` for any other address
 */
function buildUrl(text: string, audience: string, { label }: ProofContext): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Without this line, the audience could become part of a fragment, which a server does not receive.
  if (url) url.hash = "";
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname))) {
    return `${url.href}${url.href.includes("?") ? "&" : "?"}audience=${encodeURIComponent(audience)}`;
  }
  throw new OrgConnectionsError("identity-invalid", {
    happened: `The workload identity of ${label} cannot be proven: the value of ${URL_VARIABLE} is not an https address.`,
    advice: `Remove ${URL_VARIABLE} from the \`env\` of the workflow: the runner sets it.`,
  });
}

/** Reads the token from GitHub's response. @throws `issuer-unreachable`, `identity-missing`, `identity-invalid` */
function readToken(result: JsonResult, { label }: ProofContext): string {
  const subject = `The workload identity of ${label} cannot be proven: GitHub Actions`;
  if ("networkCode" in result) {
    throw createUnreachableError(
      `${subject} did not respond to the request for a token.`,
      "Check the network, the proxy and NODE_EXTRA_CA_CERTS of the runner, then run the command again.",
      { networkCode: result.networkCode },
    );
  }
  const { status, body } = result;
  if (status === 401 || status === 403) {
    throw new OrgConnectionsError(
      "identity-missing",
      { happened: `${subject} refused to issue a token.`, advice: GRANT_PERMISSION, detail: `(${status})` },
      { status },
    );
  }
  if (status !== 200) {
    throw createUnreachableError(`${subject} did not issue a token.`, "Run the job again.", { status });
  }
  const response = v.safeParse(responseSchema, body);
  if (response.success) return response.output.value;
  throw new OrgConnectionsError(
    "identity-invalid",
    { happened: `${subject} sent a response without a token.`, advice: ORIGIN.contentAdvice },
    { status },
  );
}

function createUnreachableError(happened: string, advice: string, facts: ErrorFacts): OrgConnectionsError {
  const detail = `(${String(facts.networkCode ?? facts.status)})`;
  return new OrgConnectionsError("issuer-unreachable", { happened, advice, detail }, facts);
}
