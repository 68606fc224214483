import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { accessTokenSchema, type AccessToken } from "./identity/access-token.js";
import { identityMappingSchema, type IdentityMapping } from "./identity/mapping.js";
import { count, lowerCaseUuid, parseJson, SandboxInputError } from "./input.js";
import { createBearerToken, type SandboxOrganization } from "./seed.js";
import { timestampSchema } from "./timestamp.js";
import { userSchema, type SandboxUser } from "./user.js";

/** One live connection. */
export interface StoredConnection {
  readonly id: string;
  readonly sourceOrgId: string;
  readonly sinkOrgId: string;
  readonly connectionTypes: readonly string[];
  readonly createdAt: string;
  readonly createdBy: SandboxUser;
}

/** The content of a sandbox, and of its state file. Values are replaced, never changed. */
export interface StoredState {
  organizations: readonly SandboxOrganization[];
  /** In the order of creation, which is the recorded order of the list. */
  connections: readonly StoredConnection[];
  /** If several apply, the first one does. */
  identities: readonly IdentityMapping[];
  accessTokens: readonly AccessToken[];
}

const VERSION = 1;

const storedOrganizationSchema = v.object({
  key: v.string(),
  id: lowerCaseUuid,
  name: v.string(),
  account: v.string(),
  apiKey: v.string(),
  appKey: v.string(),
  bearerToken: v.optional(v.string()),
  rotations: count,
  permissions: v.array(v.string()),
  feature: v.boolean(),
  disabled: v.boolean(),
  maxDestinations: v.optional(count),
  listsAllOrganizations: v.optional(v.boolean(), true),
  user: userSchema,
});
// Earlier versions wrote files without a token.
const organizationSchema = v.pipe(
  storedOrganizationSchema,
  v.transform(({ bearerToken, ...organization }) => ({
    ...organization,
    bearerToken: bearerToken ?? createBearerToken(organization.key),
  })),
);
const connectionSchema = v.object({
  id: lowerCaseUuid,
  sourceOrgId: lowerCaseUuid,
  sinkOrgId: lowerCaseUuid,
  connectionTypes: v.array(v.string()),
  createdAt: timestampSchema,
  createdBy: userSchema,
});
const stateFileSchema = v.object({
  version: v.literal(VERSION),
  organizations: v.array(organizationSchema),
  connections: v.array(connectionSchema),
  // Earlier versions wrote files without them.
  identities: v.optional(v.array(identityMappingSchema), []),
  accessTokens: v.optional(v.array(accessTokenSchema), []),
});

/**
 * Reads a state file. Returns `undefined` if it does not exist.
 *
 * @throws {@link SandboxInputError} if the file is not a state file of a sandbox
 */
export function readState(file: string): StoredState | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    // Under Jest, it is not an instance of this realm's Error.
    if (v.is(v.object({ code: v.literal("ENOENT") }), error)) return undefined;
    throw error;
  }
  const parsed = v.safeParse(stateFileSchema, parseJson(text));
  if (parsed.success) return parsed.output;
  throw new SandboxInputError(
    `${file} is not a state file of this sandbox. Remove it, or pass another file.`,
  );
}

/**
 * Writes a state file. The write is synchronous, so that writes cannot overtake each other, and no response is sent
 * before its change is on disk. It writes to a temporary file first, so that no reader finds an incomplete file.
 */
export function writeState(file: string, state: StoredState): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporaryFile = `${file}.${process.pid}.tmp`;
  writeFileSync(temporaryFile, `${JSON.stringify({ version: VERSION, ...state }, undefined, 1)}\n`);
  renameSync(temporaryFile, file);
}
