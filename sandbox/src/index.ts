/** The public API of the sandbox, published as `datadog-org-connections-sandbox`. */
export { startSandbox, type Sandbox } from "./start-sandbox.js";
export { assumptions, type Assumption, type AssumptionKind } from "./assumptions.js";
export type { SandboxOptions } from "./options.js";
export type { ConnectInput } from "./seed.js";
export type { SandboxConnection, SandboxControls } from "./controls.js";
export type { RateLimitOptions } from "./rate-limit.js";
export type { LoggedRequest } from "./request-log.js";
export type { AuthLocation, CredentialKind } from "./sent-credentials.js";
export type { IssueTokenInput, SandboxIssuer } from "./identity/issuer.js";
export type { AwsRoleIdentity, ClaimValue, IdentityMapping, JwtIdentity } from "./seed.js";
export type { ArmedFault, Fault, FaultAction, FaultTarget } from "./fault.js";
export { sentinels, type SentinelName } from "./sentinels.js";
export { builtInSeed, createSeed, type SandboxOrganization } from "./organizations.js";
export { parseSeed, type SandboxSeed, type SeedOrganization } from "./seed.js";
export type { SandboxUser } from "./seed.js";
export { SandboxInputError } from "./input.js";
