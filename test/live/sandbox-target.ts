import type { AssumptionName } from "../../sandbox/src/assumptions.js";
import { handleCall } from "../../sandbox/src/handle-call.js";
import type { Sandbox, SandboxOptions } from "../../sandbox/src/index.js";
import { serveSandbox } from "../../sandbox/src/start-sandbox.js";
import {
  credentialDeviations,
  exchangeDeviations,
  keyDeviations,
  permissionDeviations,
} from "./deviations/credential-deviations.js";
import type { CreateDeviation } from "./deviations/deviation.js";
import {
  listDeviations,
  listParameterDeviations,
  organizationDeviations,
  rateLimitDeviations,
  responseDeviations,
} from "./deviations/read-deviations.js";
import {
  createDeviations,
  createRefusalDeviations,
  deleteDeviations,
  updateDeviations,
} from "./deviations/write-deviations.js";

/** What inverts each assumption of the sandbox package, by its name. */
const deviations: Readonly<Record<AssumptionName, CreateDeviation>> = {
  ...responseDeviations,
  ...listDeviations,
  ...listParameterDeviations,
  ...createDeviations,
  ...createRefusalDeviations,
  ...updateDeviations,
  ...deleteDeviations,
  ...credentialDeviations,
  ...permissionDeviations,
  ...keyDeviations,
  ...exchangeDeviations,
  ...organizationDeviations,
  ...rateLimitDeviations,
};

/** Starts a sandbox that inverts the assumption with this name, or none. */
export async function startDeviatingSandbox(
  name: AssumptionName | undefined,
  options: SandboxOptions,
): Promise<Sandbox> {
  const deviation = name && deviations[name]();
  return serveSandbox(options, (context, call) =>
    deviation
      ? deviation({ ...call, store: context.store }, (changes) =>
          handleCall(context, { ...call, ...changes }),
        )
      : handleCall(context, call),
  );
}

/** A sandbox with two organizations for a run, and the environment with all credentials that a run can use. */
export interface SandboxTarget {
  env: Record<string, string>;
  sandbox: Sandbox;
}

const createId = (number: number): string => `dddddddd-000${number}-4000-8000-00000000000${number}`;

const organizations = [
  {
    key: "live-source",
    id: createId(1),
    name: "Live Source",
    permissions: ["org_connections_read", "org_connections_write", "org_app_keys_read"],
  },
  { key: "live-sink", id: createId(2), name: "Live Sink" },
  { key: "live-other", id: createId(3), name: "Live Other" },
  { key: "hub", id: createId(4), name: "Live Hub" },
  { key: "shop", id: createId(5), name: "Live Shop" },
];

/** The source organization has connections already, which a run must not touch, so that lists have several pages. */
const connections = [
  { source: "hub", sink: "live-source", connectionTypes: ["logs"] },
  { source: "shop", sink: "live-source", connectionTypes: ["metrics"] },
];

/** Starts a sandbox for one run. @param deviate - the name of the assumption that it inverts */
export async function startSandboxTarget(deviate: AssumptionName | undefined): Promise<SandboxTarget> {
  const isMapped = { type: "jwt" as const, claims: { sub: "live-identity" } };
  const isReadonly = { type: "jwt" as const, claims: { sub: "live-readonly" } };
  const sandbox = await startDeviatingSandbox(deviate, {
    seed: {
      accounts: [{ name: "Live", organizations }],
      connections,
      identities: [
        { organization: "live-source", identity: isMapped },
        { organization: "live-source", identity: isReadonly, scopes: ["org_connections_read"] },
      ],
    },
    // Much more than a run sends, only to see the headers.
    rateLimit: { limit: 100_000, periodSeconds: 60 },
  });
  const source = sandbox.getOrganization("live-source");
  const env: Record<string, string> = { DD_HOST: sandbox.url };
  for (const { key, id, apiKey, appKey } of ["live-source", "live-sink", "live-other"].map((name) =>
    sandbox.getOrganization(name),
  )) {
    const suffix = key.replace("-", "_").toUpperCase();
    Object.assign(env, {
      [`DD_API_KEY__${suffix}`]: apiKey,
      [`DD_APP_KEY__${suffix}`]: appKey,
      [`DD_ORG_UUID__${suffix}`]: id,
    });
  }
  env["DD_BEARER_TOKEN__LIVE_TOKEN"] = source.bearerToken;
  for (const name of ["IDENTITY", "READONLY", "UNMAPPED"]) {
    env[`DD_CLOUD_PROVIDER_TYPE__LIVE_${name}`] = "oidc";
    env[`DD_OIDC_TOKEN__LIVE_${name}`] = await sandbox.issuer.issueToken({
      audience: `datadog/${source.id}`,
      subject: `live-${name.toLowerCase()}`,
      lifetimeSeconds: 3600,
    });
  }
  return { env, sandbox };
}
