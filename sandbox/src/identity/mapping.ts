import * as v from "valibot";
import { anyObject, createObjectSchema, createVariantSchema, nonEmptyString, strings } from "../input.js";
import { userSchema, type SandboxUser } from "../user.js";

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

/** Whether a token has all claims of a mapping. */
export function hasClaims(
  expected: Readonly<Record<string, ClaimValue>>,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(expected).every(([name, value]) => {
    const claim = claims[name];
    return Array.isArray(claim) ? claim.includes(value) : claim === value;
  });
}
