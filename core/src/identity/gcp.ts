import type { GcpIdentity } from "../api/identity.js";
import { checkToken, formatAudience, type TokenOrigin } from "./jwt.js";
import { createLibraryError, loadLibrary } from "./library.js";
import { findVariable, formatVariable, type ProofContext } from "./proof-context.js";
import { runWithin } from "../api/timers.js";

/** The npm packages that this identity needs. Version 11, which is supported too, needs Node 22. */
export const GCP_PACKAGES = ["google-auth-library@10"];
const TOKEN_VARIABLE = "DD_GCP_IDENTITY_TOKEN";
/** The scope that Google's API method `generateIdToken` needs: https://cloud.google.com/iam/docs/reference/credentials/rest. */
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

const loadGoogle = () => import("google-auth-library");
type Google = Awaited<ReturnType<typeof loadGoogle>>;

/** The Google Cloud credentials of the workload. All organizations share them. */
let googleAuth: InstanceType<Google["GoogleAuth"]> | undefined;

/**
 * Obtains the proof of a Google Cloud identity: an identity token for the audience `datadog/<organization>`, from
 * `DD_GCP_IDENTITY_TOKEN` or from Google Cloud. The proof has the same form as in
 * https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/gcp.go.
 *
 * @throws `identity-missing`, `identity-invalid`, `issuer-unreachable`
 */
export async function obtainGcpProof(
  { serviceAccount }: GcpIdentity,
  organizationId: string,
  context: ProofContext,
): Promise<string> {
  const variable = findVariable(context, TOKEN_VARIABLE);
  const audience = formatAudience(organizationId);
  const origin = createOrigin(variable?.name ?? "Google Cloud", audience, serviceAccount);
  const text = variable?.value ?? (await requestToken(audience, serviceAccount, context));
  return checkToken(text, organizationId, origin, context).text;
}

async function requestToken(
  audience: string,
  serviceAccount: string | undefined,
  context: ProofContext,
): Promise<string> {
  const google = await loadLibrary(GCP_PACKAGES, loadGoogle, context);
  googleAuth ??= new google.GoogleAuth({ scopes: SCOPE });
  const auth = googleAuth;
  const request = async () => {
    if (serviceAccount === undefined) {
      const { idTokenProvider } = await auth.getIdTokenClient(audience);
      return idTokenProvider.fetchIdToken(audience);
    }
    const sourceClient = await auth.getClient();
    const options = { sourceClient, targetPrincipal: serviceAccount, targetScopes: [SCOPE] };
    // Datadog maps service accounts by their email address, so the token contains the address, as in Datadog's Go client.
    return new google.Impersonated(options).fetchIdToken(audience, { includeEmail: true });
  };
  return runWithin(context.timeoutMs, request).catch((error: unknown) => {
    throw createLibraryError(error, "Google Cloud", formatAdvice(serviceAccount, context), context);
  });
}

function formatAdvice(serviceAccount: string | undefined, context: ProofContext): string {
  const instead = `Or set ${formatVariable(context, TOKEN_VARIABLE)} to an identity token.`;
  return serviceAccount === undefined
    ? "Attach a service account to the workload, or set GOOGLE_APPLICATION_CREDENTIALS to the file with its credentials. With the " +
        "credentials of a person (`gcloud auth application-default login`), also set `serviceAccount` to the service account to " +
        `impersonate. ${instead}`
    : `Run \`gcloud auth application-default login\`, and check that your account has the role Service Account OpenID Connect Identity ` +
        `Token Creator on ${serviceAccount}. ${instead}`;
}

function createOrigin(name: string, audience: string, serviceAccount = "SERVICE_ACCOUNT"): TokenOrigin {
  const command =
    `gcloud auth print-identity-token --audiences=${audience} --impersonate-service-account=${serviceAccount} ` +
    "--include-email";
  const create = `Create a token with \`${command}\`.`;
  return { name, contentAdvice: create, audienceAdvice: create, renewAdvice: create };
}
