import { createErrorResponse, type SandboxResponse } from "./response.js";
import type { SandboxOrganization } from "./seed.js";
import type { SandboxUser } from "./user.js";

/** Whose rights a caller has. Omitted fields are those of the credentials of its organization. */
export interface Grant {
  readonly user?: SandboxUser | undefined;
  /** The permissions. */
  readonly scopes?: readonly string[] | undefined;
}

/** The calling organization, or the response that refuses the call. */
export type Identified =
  | { organization: SandboxOrganization; grant: Grant; refusal?: never }
  | { organization?: never; grant?: never; refusal: SandboxResponse };

/** Creates the result for a caller that is refused. */
export const refuseCaller = (status: 401 | 403, message: string): Identified => ({
  refusal: createErrorResponse(status, message),
});

/** Returns the organization with the user and the permissions of the grant. */
export const applyGrant = (
  organization: SandboxOrganization,
  { user, scopes }: Grant,
): SandboxOrganization => ({
  ...organization,
  user: user ?? organization.user,
  permissions: scopes ?? organization.permissions,
});
