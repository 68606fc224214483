import type { AzureIdentity } from "../api/identity.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { checkJwt, type TokenOrigin } from "./jwt.js";
import { createLibraryError, loadLibrary } from "./library.js";
import { findVariable, formatVariable, type ProofContext } from "./proof-context.js";
import { runWithin } from "../api/timers.js";

/** The npm packages that this identity needs, with the supported major version. */
export const AZURE_PACKAGES = ["@azure/identity@4"];
const TOKEN_VARIABLE = "DD_AZURE_ACCESS_TOKEN";

const loadAzure = () => import("@azure/identity");
type Azure = Awaited<ReturnType<typeof loadAzure>>;

/** The Azure credentials of the workload. All organizations share them. */
let azureCredential: InstanceType<Azure["DefaultAzureCredential"]> | undefined;

/**
 * Obtains the proof of an Azure identity: `<token>:<organization>`, with an access token of Microsoft Entra, as in
 * https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/azure.go.
 *
 * The scope has no default, because Datadog does not publish one. One version of Datadog's Go client leaves the scope to `az`.
 * Without a scope, `az` returns a token that can manage all Azure resources. This package requests such a token only if the user
 * sets its scope. The scope of a token in DD_AZURE_ACCESS_TOKEN is not checked.
 *
 * @throws `identity-missing`, `identity-invalid`, `issuer-unreachable`
 */
export async function obtainAzureProof(
  { scope }: AzureIdentity,
  organizationId: string,
  context: ProofContext,
): Promise<string> {
  const variable = findVariable(context, TOKEN_VARIABLE);
  const text = variable?.value ?? (await requestToken(scope, context));
  const origin = createOrigin(variable?.name ?? "Microsoft Entra", formatVariable(context, TOKEN_VARIABLE));
  return `${checkJwt(text, origin, context).text}:${organizationId}`;
}

async function requestToken(scope: string | undefined, context: ProofContext): Promise<string> {
  const variable = formatVariable(context, TOKEN_VARIABLE);
  if (scope === undefined) {
    throw new OrgConnectionsError("identity-missing", {
      happened: `The workload identity of ${context.label} cannot be proven: the \`scope\` of the Azure access token is not set.`,
      advice:
        "Set `scope` of the identity to the scope of the application that Datadog expects, such as `api://APPLICATION_ID/.default`, or " +
        `set ${variable} to an access token.`,
    });
  }
  const azure = await loadLibrary(AZURE_PACKAGES, loadAzure, context);
  azureCredential ??= new azure.DefaultAzureCredential();
  const credential = azureCredential;
  const token = await runWithin(context.timeoutMs, () => credential.getToken(scope)).catch(
    (error: unknown) => {
      const advice =
        "Assign a managed identity or a workload identity to the workload, or run `az login`, and check that this identity may get a " +
        `token for the scope ${scope}. Or set ${variable} to an access token.`;
      throw createLibraryError(error, "Azure", advice, context);
    },
  );
  return token.token;
}

function createOrigin(name: string, variable: string): TokenOrigin {
  const create = `Create an access token with \`az account get-access-token --scope SCOPE\`, and set ${variable} to it.`;
  return { name, contentAdvice: create, audienceAdvice: create, renewAdvice: create };
}
