import { sentinels } from "./sentinels.js";
import * as v from "valibot";
import { uuid } from "./input.js";

/** A user as the API shows the creator of a connection. */
export interface SandboxUser {
  id: string;
  handle: string;
  email: string;
  name: string;
  /** Default false: a person. */
  serviceAccount?: boolean | undefined;
}

/** One organization of a seed. What is left out gets the value of an ordinary organization. */
export interface SeedOrganization {
  /** The short name by which tests and the control plane call it, such as `payments`. */
  key: string;
  /** UUID, lower case. */
  id: string;
  name: string;
  /** Default `sandbox-api-key-<key>`. */
  apiKey?: string;
  /** Default `sandbox-app-key-<key>`. */
  appKey?: string;
  /** Of the application key. Default `org_connections_read` and `org_connections_write`. */
  permissions?: string[];
  /** Whether cross-organization connections are switched on. Default true. */
  feature?: boolean;
  /** A disabled organization can be neither source nor sink. Default false. */
  disabled?: boolean;
  /** How many destinations it may have: 5 outside an Enterprise plan (current documentation). Default: no limit. */
  maxDestinations?: number;
  /** The user whose application key it is, so the creator of connections. */
  user?: SandboxUser;
}

/** Whom the sandbox knows: connections are possible inside one account only. */
export interface SandboxSeed {
  accounts: { name: string; organizations: SeedOrganization[] }[];
}

/** One organization as it is now. */
export interface SandboxOrganization {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly apiKey: string;
  readonly appKey: string;
  /** How often the keys were rotated. */
  readonly rotations: number;
  readonly permissions: readonly string[];
  readonly feature: boolean;
  readonly disabled: boolean;
  readonly maxDestinations?: number | undefined;
  readonly user: SandboxUser;
}

/** The built-in seed: the account "Acme" with a hub, sources and three odd ones out, and a second account. */
export const builtInSeed: SandboxSeed = {
  accounts: [
    {
      name: "Acme",
      organizations: [
        { key: "observability", id: acmeId(1), name: "Acme Observability" },
        { key: "security", id: acmeId(2), name: "Acme Security" },
        { key: "payments", id: acmeId(3), name: "Acme Payments" },
        { key: "checkout", id: acmeId(4), name: "Acme Checkout" },
        { key: "search", id: acmeId(5), name: "Acme Search" },
        { key: "retired", id: acmeId(6), name: "Acme Retired", disabled: true },
        { key: "readonly", id: acmeId(7), name: "Acme Read Only", permissions: ["org_connections_read"] },
        { key: "nofeature", id: acmeId(8), name: "Acme No Feature", feature: false },
      ],
    },
    {
      name: "Globex",
      organizations: [
        { key: "globex-observability", id: globexId(1), name: "Globex Observability" },
        { key: "globex-shop", id: globexId(2), name: "Globex Shop" },
      ],
    },
  ],
};

/**
 * The built-in seed with more organizations in its first account: `sources` further ones (`source-1`, `source-2`, …),
 * and with `sentinels` one for each sentinel, so that programs which look the sink up first get as far as the failure.
 */
export function seedWith(options: { sources?: number; sentinels?: boolean }): SandboxSeed {
  const more: SeedOrganization[] = [];
  for (let number = 1; number <= (options.sources ?? 0); number++) {
    more.push({ key: `source-${number}`, id: sourceId(number), name: `Acme Source ${number}` });
  }
  if (options.sentinels === true) {
    for (const [name, id] of Object.entries(sentinels)) {
      more.push({ key: `sentinel-${name}`, id, name: `Sentinel ${name}` });
    }
  }
  const [first, ...rest] = builtInSeed.accounts;
  if (!first) throw new Error("the built-in seed has no account");
  return { accounts: [{ name: first.name, organizations: [...first.organizations, ...more] }, ...rest] };
}

/** The organizations of a seed with all defaults filled in. Throws on a seed that contradicts itself. */
export function organizationsOf(seed: SandboxSeed): SandboxOrganization[] {
  const organizations = seed.accounts.flatMap((account) =>
    account.organizations.map((organization) => withDefaults(organization, account.name)),
  );
  for (const field of ["key", "id", "apiKey", "appKey"] as const) {
    const values = organizations.map((organization) => organization[field]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw new Error(`sandbox seed: two organizations have the ${field} ${twice}`);
  }
  return organizations;
}

function withDefaults(seed: SeedOrganization, account: string): SandboxOrganization {
  const { key, id } = seed;
  if (!v.is(uuid, id) || id !== id.toLowerCase()) {
    throw new Error(`sandbox seed: the id of ${key} is not a lower-case UUID`);
  }
  return {
    apiKey: `sandbox-api-key-${key}`,
    appKey: `sandbox-app-key-${key}`,
    rotations: 0,
    feature: true,
    disabled: false,
    user: {
      // The organization's id with the last group changed: fixed, well-formed, and nobody else's.
      id: `${id.slice(0, 24)}f${id.slice(25)}`,
      handle: `pulumi-${key}@example.com`,
      email: `pulumi-${key}@example.com`,
      name: `Pulumi (${seed.name})`,
    },
    ...seed,
    permissions: [...(seed.permissions ?? ["org_connections_read", "org_connections_write"])],
    account,
  };
}

function acmeId(number: number): string {
  return `aaaaaaaa-000${number}-4000-8000-00000000000${number}`;
}

function globexId(number: number): string {
  return `bbbbbbbb-000${number}-4000-8000-00000000000${number}`;
}

function sourceId(number: number): string {
  return `aaaaaaaa-1000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}
