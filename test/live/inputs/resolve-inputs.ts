import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { listSecrets } from "../../../core/src/api/authentication.js";
import { toVariableSuffix } from "../../../core/src/credentials/organization-name.js";
import { resolveCredentials, type Credentials } from "../../../core/src/credentials/resolve.js";
import { VARIABLE_NAMES } from "../../../core/src/credentials/levels.js";
import { LiveError } from "../live-error.js";

type Env = Readonly<Record<string, string | undefined>>;

/** The two organizations of a run. */
export const SOURCE = "live-source";
const SINK = "live-sink";

/**
 * More credentials, each of which makes more assumptions visible: a bearer token and a workload identity of the source organization;
 * its credentials without the permission to write; those of another organization of the account; an identity that no user of the
 * source organization is mapped to.
 */
const EXTRAS = ["live-token", "live-identity", "live-readonly", "live-other", "live-unmapped"] as const;
export type ExtraName = (typeof EXTRAS)[number];

/** What a run needs to know. It contains credentials: never print it. */
export interface LiveInputs {
  /** The base URL of the API. */
  target: string;
  source: Credentials & { organizationId: string };
  sink: Credentials & { organizationId: string };
  extras: Readonly<Partial<Record<ExtraName, Credentials>>>;
}

/**
 * Resolves the two organizations and their credentials from the environment, as the provider does for named organizations. Makes no
 * request.
 *
 * @throws {@link LiveError} if something is missing, or both are the same organization
 */
export function resolveInputs(env: Env): LiveInputs {
  const [source, sink] = [resolveEnd(SOURCE, env), resolveEnd(SINK, env)];
  if (source.baseUrl !== sink.baseUrl)
    throw new LiveError(
      `${SOURCE} and ${SINK} have different addresses. Connected organizations share a site: set DD_SITE or DD_HOST once.`,
    );
  if (source.organizationId === sink.organizationId)
    throw new LiveError(
      `DD_ORG_UUID__LIVE_SOURCE and DD_ORG_UUID__LIVE_SINK are the same UUID. Use two organizations.`,
    );
  const secrets = listSecrets(source.authentication);
  if (listSecrets(sink.authentication).some((secret) => secrets.includes(secret)))
    throw new LiveError(
      `${SOURCE} and ${SINK} have the same credentials, so both are the same organization. Use credentials of two organizations.`,
    );
  const extras = EXTRAS.filter((name) => hasVariables(name, env)).map((name) => [
    name,
    resolve(name, addDefaultId(name, env)),
  ]);
  return { target: source.baseUrl, source, sink, extras: Object.fromEntries(extras) as LiveInputs["extras"] };
}

/** The variables of a journey: those of the two organizations, and what an identity without their suffix is proven with. */
const USED_VARIABLES = /^DD_(\w+__LIVE_(SOURCE|SINK)|CLOUD_PROVIDER_TYPE|(GCP|AZURE|OIDC)_[A-Z]+(_[A-Z]+)*)$/;

/** Returns the environment of journeys: only the two organizations, and all requests go to the gateway. */
export function createGatewayEnv(env: Env, gatewayUrl: string): Record<string, string | undefined> {
  const used = Object.entries(env).filter(
    ([name]) =>
      !/^(DD|DATADOG)_/.test(name) || (USED_VARIABLES.test(name) && !/^DD_(HOST|SITE)__/.test(name)),
  );
  return { ...Object.fromEntries(used), DD_HOST: gatewayUrl };
}

function resolveEnd(name: string, env: Env): Credentials & { organizationId: string } {
  const credentials = resolve(name, env);
  const { organizationId } = credentials;
  if (organizationId === undefined)
    throw new LiveError(
      `The UUID of ${name} is missing. Set DD_ORG_UUID__${toVariableSuffix(name)}: the run only touches these two organizations.`,
    );
  return { ...credentials, organizationId: organizationId.toLowerCase() };
}

function resolve(name: string, env: Env): Credentials {
  try {
    return resolveCredentials(name, { config: () => undefined, env });
  } catch (error) {
    if (isOrgConnectionsError(error)) throw new LiveError(error.message);
    throw error;
  }
}

/** Whether a variable with the suffix of an organization is set. */
function hasVariables(name: string, env: Env): boolean {
  const suffix = toVariableSuffix(name);
  return Object.values(VARIABLE_NAMES).some((variable) => (env[`DD_${variable}__${suffix}`] ?? "") !== "");
}

/** All extra credentials but those of the other organization belong to the source organization. */
function addDefaultId(name: ExtraName, env: Env): Env {
  const variable = `DD_ORG_UUID__${toVariableSuffix(name)}`;
  if (name === "live-other" || (env[variable] ?? "") !== "") return env;
  return { ...env, [variable]: env["DD_ORG_UUID__LIVE_SOURCE"] };
}
