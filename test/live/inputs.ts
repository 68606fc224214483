import { parseArgs } from "node:util";
import { listSecrets } from "../../core/src/api/authentication.js";
import { isOrgConnectionsError } from "../../core/src/api/org-connections-error.js";
import { VARIABLE_NAMES } from "../../core/src/credentials/levels.js";
import { toVariableSuffix } from "../../core/src/credentials/setting-names.js";
import { type Credentials, resolveCredentials } from "../../core/src/credentials/resolve.js";
import type { AssumptionName } from "../../sandbox/src/assumptions.js";
import { assumptions } from "../../sandbox/src/index.js";

/** The run stops, or does not start. The message says why, and what to do next. It contains no credential. */
export class LiveError extends Error {
  override readonly name = "LiveError";
}

/** The journeys, in the order in which they run. */
const JOURNEYS = ["client", "doctor", "dynamic", "plugin"] as const;
export type JourneyName = (typeof JOURNEYS)[number];

/** The options of `npm run test:live`. */
export interface LiveOptions {
  /** Whether to start a sandbox and test it, instead of Datadog. */
  sandbox: boolean;
  /** The assumption that the sandbox inverts. */
  deviate: AssumptionName | undefined;
  journeys: readonly JourneyName[];
  /** The folder for the verdict as `verdict.md` and `verdict.json`. */
  report: string | undefined;
  /** The file that names what the run has to delete. */
  journal: string;
  /** The file for the recorded exchanges. */
  record: string | undefined;
  maxRequests: number;
  /** How long requests are sent, in minutes. */
  minutes: number;
}

const isAssumptionName = (name: string): name is AssumptionName =>
  assumptions.some((assumption) => assumption.name === name);

/** Parses the command line. @throws {@link LiveError} */
export function parseOptions(args: readonly string[]): LiveOptions {
  const values = parse(args);
  const { deviate } = values;
  if (deviate !== undefined && !isAssumptionName(deviate))
    throw new LiveError(
      `--deviate ${deviate}: there is no such assumption. sandbox/src/assumptions.ts lists their names.`,
    );
  return {
    // Only our own sandbox can invert an assumption.
    sandbox: values.sandbox || deviate !== undefined,
    deviate,
    journeys: parseJourneys(values.journeys),
    report: values.report,
    journal: values.journal,
    record: values.record,
    maxRequests: parseCount("--max-requests", values["max-requests"]),
    minutes: parseCount("--minutes", values.minutes),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        sandbox: { type: "boolean", default: false },
        deviate: { type: "string" },
        journeys: { type: "string", default: JOURNEYS.join(",") },
        report: { type: "string" },
        journal: { type: "string", default: ".local/live/journal.json" },
        record: { type: "string" },
        "max-requests": { type: "string", default: "600" },
        minutes: { type: "string", default: "10" },
      },
    }).values;
  } catch (error) {
    throw new LiveError(error instanceof Error ? error.message : String(error));
  }
}

function parseJourneys(text: string): JourneyName[] {
  if (text === "none") return [];
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !JOURNEYS.some((known) => known === name));
  if (unknown.length > 0)
    throw new LiveError(`--journeys ${unknown.join(",")}: the journeys are ${JOURNEYS.join(", ")}; or none.`);
  return JOURNEYS.filter((name) => names.includes(name));
}

function parseCount(option: string, text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new LiveError(`${option} ${text}: it must be a whole number above 0.`);
  return Number(text);
}

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
