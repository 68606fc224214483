import type { AzureIdentity } from "../api/identity.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { checkJwt, type TokenOrigin } from "./jwt.js";
import { createLibraryError } from "./library-failure.js";
import { loadLibrary } from "./load-library.js";
import { findVariable, formatVariable, type ProofContext } from "./proof-context.js";
import { runWithin } from "./run-within.js";

/** With the supported major version. */
export const AZURE_PACKAGES = ["@azure/identity@4"];
const TOKEN_VARIABLE = "DD_AZURE_ACCESS_TOKEN";

const loadAzure = () => import("@azure/identity");
type Azure = Awaited<ReturnType<typeof loadAzure>>;

/** The credentials of the workload, which all organizations share. */
let azureCredential: InstanceType<Azure["DefaultAzureCredential"]> | undefined;

/**
 * Obtains the proof of an Azure identity: an access token of Microsoft Entra, and the organization. The form is that of
 * https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/azure.go.
 *
 * The scope has no default, because Datadog publishes none. One version of the Go client leaves it to `az`, whose default is the
 * management of all Azure resources: nothing should send such a token to another service unless someone asks for it.
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
  const origin = createOrigin(variable?.name ?? "Microsoft Entra");
  return `${checkJwt(text, origin, context).text}:${organizationId}`;
}

async function requestToken(scope: string | undefined, context: ProofContext): Promise<string> {
  const variable = formatVariable(context, TOKEN_VARIABLE);
  if (scope === undefined) {
    throw new OrgConnectionsError("identity-missing", {
      happened: `The workload identity of ${context.label} cannot be proven: the \`scope\` of the Azure access token is not set.`,
      advice:
        "Set `scope` of the identity to that of the application that Datadog expects, such as `api://APPLICATION_ID/.default`, or " +
        `set ${variable} to an access token.`,
    });
  }
  const azure = await loadLibrary(AZURE_PACKAGES, loadAzure, context);
  azureCredential ??= new azure.DefaultAzureCredential();
  const credential = azureCredential;
  const token = await runWithin(context.timeoutMs, () => credential.getToken(scope)).catch(
    (error: unknown) => {
      const advice =
        "Assign a managed identity or a workload identity to the workload, or run `az login`, and check that it may get a token for the " +
        `scope ${scope}. Or set ${variable} to an access token.`;
      throw createLibraryError(error, "Azure", advice, context);
    },
  );
  return token.token;
}

function createOrigin(name: string): TokenOrigin {
  const create = "Create an access token with `az account get-access-token --scope SCOPE`.";
  return { name, contentAdvice: create, audienceAdvice: create, renewAdvice: create };
}
