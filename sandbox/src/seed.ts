import * as v from "valibot";
import {
  boolean,
  count,
  createObjectSchema,
  parseInput,
  string,
  strings,
  nonEmptyString,
  anyObject,
  createVariantSchema,
} from "./input.js";

/** A user, such as the creator of a connection. */
export interface SandboxUser {
  /** A UUID. */
  id: string;
  /** The login name, usually the email address. */
  handle: string;
  email: string;
  /** The name in reports. */
  name: string;
  /**
   * Whether it is a service account.
   *
   * @default false
   */
  serviceAccount?: boolean | undefined;
}

/** The schema of a user. */
export const userSchema = createObjectSchema({
  id: string,
  handle: string,
  email: string,
  name: string,
  serviceAccount: v.optional(boolean),
});

/** A connection to create outside the program under test. */
export interface ConnectInput {
  /** The key of the source organization, such as `payments`. */
  source: string;
  /** The key of the destination organization. */
  sink: string;
  /**
   * The shared types.
   *
   * @default ["logs"]
   */
  connectionTypes?: string[] | undefined;
  /**
   * The creator.
   *
   * @default the user of the source organization
   */
  createdBy?: SandboxUser | undefined;
}

/** The schema of {@link ConnectInput}. */
export const connectInputSchema = createObjectSchema({
  source: nonEmptyString,
  sink: nonEmptyString,
  connectionTypes: v.optional(strings),
  createdBy: v.optional(userSchema),
});

/** A claim of a token. */
export type ClaimValue = string | number | boolean;

/** The tokens of an issuer that have these claims. */
export interface JwtIdentity {
  type: "jwt";
  /**
   * The claim `iss`.
   *
   * @default the URL of the issuer of the sandbox
   */
  issuer?: string | undefined;
  /**
   * The claims that a token must have, such as `{ repository: "acme/infrastructure", ref: "refs/heads/main" }`. If a claim of the
   * token is a list, it must contain the value.
   */
  claims: Record<string, ClaimValue>;
}

/** An AWS role with made-up temporary credentials. */
export interface AwsRoleIdentity {
  type: "aws";
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** The ARN of the caller. Only messages contain it. */
  arn: string;
}

/** Which workload identity an organization accepts in the exchange, and as whom. */
export interface IdentityMapping {
  /** The key of the organization, such as `payments`. */
  organization: string;
  identity: JwtIdentity | AwsRoleIdentity;
  /**
   * The user that its access tokens act as.
   *
   * @default the user of the organization
   */
  user?: SandboxUser | undefined;
  /**
   * The permissions of its access tokens.
   *
   * @default the permissions of the organization at the time of each request
   */
  scopes?: string[] | undefined;
}

const CLAIM_MESSAGE = "must be a string, a number, true or false";
const claimSchema = v.union([v.string(), v.number(), v.boolean()], CLAIM_MESSAGE);
const identities = [
  createVariantSchema({
    type: v.literal("jwt"),
    issuer: v.optional(nonEmptyString),
    claims: v.pipe(anyObject, v.record(v.string(), claimSchema)),
  }),
  createVariantSchema({
    type: v.literal("aws"),
    accessKeyId: nonEmptyString,
    secretAccessKey: nonEmptyString,
    sessionToken: nonEmptyString,
    arn: nonEmptyString,
  }),
] as const;

/** The schema of {@link IdentityMapping}. */
export const identityMappingSchema = createObjectSchema({
  organization: nonEmptyString,
  identity: v.pipe(anyObject, v.variant("type", identities, 'must be "jwt" or "aws"')),
  user: v.optional(userSchema),
  scopes: v.optional(strings),
});

/** One organization of a seed. Omitted fields have the defaults of a typical organization. */
export interface SeedOrganization {
  /** The short name that tests and the control plane use, such as `payments`. */
  key: string;
  /** A UUID in lower case. */
  id: string;
  name: string;
  /**
   * The fake API key.
   *
   * @default `sandbox-api-key-<key>`
   */
  apiKey?: string | undefined;
  /**
   * The fake application key.
   *
   * @default `sandbox-app-key-<key>`
   */
  appKey?: string | undefined;
  /**
   * The fake bearer token, which a request can use instead of both keys.
   *
   * @default `sandbox-bearer-token-<key>`
   */
  bearerToken?: string | undefined;
  /**
   * The permissions of the application key and of the bearer token.
   *
   * @default `org_connections_read` and `org_connections_write`
   */
  permissions?: string[] | undefined;
  /**
   * Whether cross-organization connections are enabled.
   *
   * @default true
   */
  feature?: boolean | undefined;
  /**
   * A disabled organization can be neither source nor destination.
   *
   * @default false
   */
  disabled?: boolean | undefined;
  /**
   * The maximum count of destinations. The documentation says 5 outside the Enterprise plan.
   *
   * @default no limit
   */
  maxDestinations?: number | undefined;
  /**
   * Whether `GET /api/v2/org` lists all organizations of the account, as with the keys of a parent organization, or only
   * the calling organization.
   *
   * @default true
   */
  listsAllOrganizations?: boolean | undefined;
  /**
   * The owner of the application key and of the bearer token, and therefore the creator of connections.
   *
   * @default a user whose ID and names are derived from those of the organization
   */
  user?: SandboxUser | undefined;
}

/** What a sandbox contains at its start and after a reset. */
export interface SandboxSeed {
  /** At least one. Connections are possible only within one account. */
  accounts: { name: string; organizations: SeedOrganization[] }[];
  /**
   * The connections that exist already.
   *
   * @default none
   */
  connections?: ConnectInput[] | undefined;
  /**
   * The workload identities that the organizations accept.
   *
   * @default none
   */
  identities?: IdentityMapping[] | undefined;
}

/** The schema of a seed. Unknown fields are errors, because a misspelled field would silently have its default. */
export const seedSchema = createObjectSchema({
  accounts: v.pipe(
    v.array(
      createObjectSchema({
        name: string,
        organizations: v.array(
          createObjectSchema({
            key: string,
            id: string,
            name: string,
            apiKey: v.optional(string),
            appKey: v.optional(string),
            bearerToken: v.optional(string),
            permissions: v.optional(strings),
            feature: v.optional(boolean),
            disabled: v.optional(boolean),
            maxDestinations: v.optional(count),
            listsAllOrganizations: v.optional(boolean),
            user: v.optional(userSchema),
          }),
          "must be a list of organizations",
        ),
      }),
      "must be a list of accounts",
    ),
    v.nonEmpty("must contain at least one account"),
  ),
  connections: v.optional(v.array(connectInputSchema, "must be a list of connections")),
  identities: v.optional(v.array(identityMappingSchema, "must be a list of identities")),
});

/**
 * Parses a seed, such as the content of a JSON file.
 *
 * @throws {@link SandboxInputError} that names the first invalid field
 *
 * @example
 * const seed = parseSeed(JSON.parse(readFileSync("seed.json", "utf8")));
 */
export const parseSeed = (input: unknown): SandboxSeed => parseInput(seedSchema, input, "seed");
