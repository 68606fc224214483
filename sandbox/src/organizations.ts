import * as v from "valibot";
import { boolean, count, lowerCaseUuid, createObjectSchema, parseInput, SandboxInputError } from "./input.js";
import { seedSchema, type SandboxSeed, type SeedOrganization, type SandboxUser } from "./seed.js";
import { sentinels } from "./sentinels.js";

/** One organization in its current state. The other fields are those of {@link SeedOrganization}. */
export interface SandboxOrganization {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  /** The name of its account. */
  readonly account: string;
  readonly apiKey: string;
  readonly appKey: string;
  readonly bearerToken: string;
  /** How many times the keys or the token were rotated. */
  readonly rotations: number;
  readonly permissions: readonly string[];
  readonly feature: boolean;
  readonly disabled: boolean;
  readonly maxDestinations?: number | undefined;
  readonly listsAllOrganizations: boolean;
  readonly user: SandboxUser;
}

/** The built-in seed: the account "Acme" with hubs, sources and three special cases, and a second account. */
export const builtInSeed: SandboxSeed = {
  accounts: [
    {
      name: "Acme",
      organizations: [
        { key: "observability", id: createAcmeId(1), name: "Acme Observability" },
        { key: "security", id: createAcmeId(2), name: "Acme Security" },
        { key: "payments", id: createAcmeId(3), name: "Acme Payments" },
        { key: "checkout", id: createAcmeId(4), name: "Acme Checkout" },
        { key: "search", id: createAcmeId(5), name: "Acme Search" },
        { key: "retired", id: createAcmeId(6), name: "Acme Retired", disabled: true },
        {
          key: "readonly",
          id: createAcmeId(7),
          name: "Acme Read Only",
          permissions: ["org_connections_read"],
        },
        { key: "nofeature", id: createAcmeId(8), name: "Acme No Feature", feature: false },
      ],
    },
    {
      name: "Globex",
      organizations: [
        { key: "globex-observability", id: createGlobexId(1), name: "Globex Observability" },
        { key: "globex-shop", id: createGlobexId(2), name: "Globex Shop" },
      ],
    },
  ],
};

const seedOptionsSchema = createObjectSchema({
  base: v.optional(seedSchema, builtInSeed),
  sources: v.optional(count, 0),
  sentinels: v.optional(boolean, false),
});

/**
 * Creates a seed with more organizations in its first account.
 *
 * @param options - `base`: the seed to extend, by default the built-in one; `sources`: the count of additional sources
 *   (`source-1`, `source-2`, …), by default 0; `sentinels`: whether to add an organization for each sentinel, for programs that
 *   read the destination organization before they create a connection, by default false
 *
 * @throws {@link SandboxInputError} that names the first invalid option
 *
 * @example
 * await startSandbox({ seed: createSeed({ sources: 200, sentinels: true }) });
 */
export function createSeed(options: {
  base?: SandboxSeed | undefined;
  sources?: number | undefined;
  sentinels?: boolean | undefined;
}): SandboxSeed {
  const parsed = parseInput(seedOptionsSchema, options, "options");
  const additional: SeedOrganization[] = [];
  for (let number = 1; number <= parsed.sources; number++) {
    additional.push({ key: `source-${number}`, id: createSourceId(number), name: `Acme Source ${number}` });
  }
  if (parsed.sentinels) {
    for (const [name, id] of Object.entries(sentinels)) {
      additional.push({ key: `sentinel-${name}`, id, name: `Sentinel ${name}` });
    }
  }
  const { accounts, ...others } = parsed.base;
  return {
    accounts: accounts.map(({ name, organizations }, at) => ({
      name,
      organizations: at === 0 ? [...organizations, ...additional] : organizations,
    })),
    ...others,
  };
}

/**
 * Creates the organizations of a seed. Applies all defaults.
 *
 * @throws {@link SandboxInputError} if two organizations share a unique value, or an ID is invalid
 */
export function createOrganizations(seed: SandboxSeed): SandboxOrganization[] {
  const organizations = seed.accounts.flatMap((account) =>
    account.organizations.map((organization) => applyDefaults(organization, account.name)),
  );
  for (const field of ["key", "id", "apiKey", "appKey", "bearerToken"] as const) {
    const values = organizations.map((organization) => organization[field]);
    const duplicate = values.find((value, index) => values.indexOf(value) !== index);
    if (duplicate !== undefined)
      throw new SandboxInputError(`sandbox seed: two organizations have the ${field} ${duplicate}`);
  }
  return organizations;
}

function applyDefaults({ key, id, name, ...given }: SeedOrganization, account: string): SandboxOrganization {
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
    bearerToken: given.bearerToken ?? createBearerToken(key),
    rotations: 0,
    permissions: [...(given.permissions ?? ["org_connections_read", "org_connections_write"])],
    feature: given.feature ?? true,
    disabled: given.disabled ?? false,
    maxDestinations: given.maxDestinations,
    listsAllOrganizations: given.listsAllOrganizations ?? true,
    user: given.user ?? {
      // The organization's ID with a different digit, so that it is stable, valid and unique.
      id: `${id.slice(0, 24)}f${id.slice(25)}`,
      handle: `pulumi-${key}@example.com`,
      email: `pulumi-${key}@example.com`,
      name: `Pulumi (${name})`,
    },
  };
}

/** The bearer token of an organization if its seed or its state file has none. */
export const createBearerToken = (key: string): string => `sandbox-bearer-token-${key}`;

function createAcmeId(number: number): string {
  return `aaaaaaaa-000${number}-4000-8000-00000000000${number}`;
}

function createGlobexId(number: number): string {
  return `bbbbbbbb-000${number}-4000-8000-00000000000${number}`;
}

function createSourceId(number: number): string {
  return `aaaaaaaa-1000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}
