import * as v from "valibot";
import {
  boolean,
  count,
  lowerCaseUuid,
  objectOf,
  parseInput,
  SandboxInputError,
  string,
  strings,
} from "./input.js";
import { sentinels } from "./sentinels.js";

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
  apiKey?: string | undefined;
  /** Default `sandbox-app-key-<key>`. */
  appKey?: string | undefined;
  /** Of the application key. Default `org_connections_read` and `org_connections_write`. */
  permissions?: string[] | undefined;
  /** Whether cross-organization connections are switched on. Default true. */
  feature?: boolean | undefined;
  /** A disabled organization can be neither source nor sink. Default false. */
  disabled?: boolean | undefined;
  /** How many destinations it may have: 5 outside an Enterprise plan (current documentation). Default: no limit. */
  maxDestinations?: number | undefined;
  /** The user whose application key it is, so the creator of connections. */
  user?: SandboxUser | undefined;
}

/** Whom the sandbox knows: connections are possible inside one account only. */
export interface SandboxSeed {
  accounts: { name: string; organizations: SeedOrganization[] }[];
}

/** The schema of a user, also as the creator of a connection. */
export const user = objectOf({
  id: string,
  handle: string,
  email: string,
  name: string,
  serviceAccount: v.optional(boolean),
});

/** The schema of a seed. A misspelled field would leave the organization an ordinary one, so unknown fields are errors. */
export const seed = objectOf({
  accounts: v.array(
    objectOf({
      name: string,
      organizations: v.array(
        objectOf({
          key: string,
          id: string,
          name: string,
          apiKey: v.optional(string),
          appKey: v.optional(string),
          permissions: v.optional(strings),
          feature: v.optional(boolean),
          disabled: v.optional(boolean),
          maxDestinations: v.optional(count),
          user: v.optional(user),
        }),
        "must be a list of organizations",
      ),
    }),
    "must be a list of accounts",
  ),
});

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

const seedOptions = objectOf({
  sources: v.optional(count, 0),
  sentinels: v.optional(boolean, false),
});

/**
 * The built-in seed with more organizations in its first account: `sources` further ones (`source-1`, `source-2`, …),
 * and with `sentinels` one for each sentinel, so that programs which look the sink up first get as far as the failure.
 */
export function seedWith(options: {
  sources?: number | undefined;
  sentinels?: boolean | undefined;
}): SandboxSeed {
  const parsed = parseInput(seedOptions, options, "options");
  const more: SeedOrganization[] = [];
  for (let number = 1; number <= parsed.sources; number++) {
    more.push({ key: `source-${number}`, id: sourceId(number), name: `Acme Source ${number}` });
  }
  if (parsed.sentinels) {
    for (const [name, id] of Object.entries(sentinels)) {
      more.push({ key: `sentinel-${name}`, id, name: `Sentinel ${name}` });
    }
  }
  const [first, ...rest] = builtInSeed.accounts;
  if (!first) throw new Error("the built-in seed has no account");
  return { accounts: [{ name: first.name, organizations: [...first.organizations, ...more] }, ...rest] };
}

/**
 * Returns the organizations of a seed with all defaults filled in.
 *
 * @throws {@link SandboxInputError} on a seed that contradicts itself
 */
export function createOrganizations(seed: SandboxSeed): SandboxOrganization[] {
  const organizations = seed.accounts.flatMap((account) =>
    account.organizations.map((organization) => withDefaults(organization, account.name)),
  );
  for (const field of ["key", "id", "apiKey", "appKey"] as const) {
    const values = organizations.map((organization) => organization[field]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined)
      throw new SandboxInputError(`sandbox seed: two organizations have the ${field} ${twice}`);
  }
  return organizations;
}

function withDefaults({ key, id, name, ...given }: SeedOrganization, account: string): SandboxOrganization {
  if (!v.is(lowerCaseUuid, id)) {
    throw new SandboxInputError(`sandbox seed: the id of ${key} is not a lower-case UUID`);
  }
  return {
    key,
    id,
    name,
    account,
    apiKey: given.apiKey ?? `sandbox-api-key-${key}`,
    appKey: given.appKey ?? `sandbox-app-key-${key}`,
    rotations: 0,
    permissions: [...(given.permissions ?? ["org_connections_read", "org_connections_write"])],
    feature: given.feature ?? true,
    disabled: given.disabled ?? false,
    maxDestinations: given.maxDestinations,
    user: given.user ?? {
      // The organization's id with the last group changed: fixed, well-formed, and nobody else's.
      id: `${id.slice(0, 24)}f${id.slice(25)}`,
      handle: `pulumi-${key}@example.com`,
      email: `pulumi-${key}@example.com`,
      name: `Pulumi (${name})`,
    },
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
