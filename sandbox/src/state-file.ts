import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { count, lowerCaseUuid, parseJson, SandboxInputError } from "./input.js";
import { createBearerToken, type SandboxOrganization } from "./organizations.js";
import { identityMappingSchema, type IdentityMapping, userSchema, type SandboxUser } from "./seed.js";

/** Whose rights a caller has. Omitted fields are those of the credentials of its organization. */
export interface Grant {
  readonly user?: SandboxUser | undefined;
  /** The permissions. */
  readonly scopes?: readonly string[] | undefined;
}

/** An access token that the exchange has issued. */
export interface AccessToken extends Grant {
  readonly token: string;
  /** The key of its organization. */
  readonly organization: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** The schema of an {@link AccessToken} in a state file. */
const accessTokenSchema = v.object({
  token: v.string(),
  organization: v.string(),
  expiresAt: count,
  user: v.optional(userSchema),
  scopes: v.optional(v.array(v.string())),
});

/** The recorded form of a creation time. Other forms are refused, because `startAfter` slices the string. */
const timestampSchema = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);

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

/**
 * Generates creation times in the recorded form, `2025-08-26T20:19:36.177236+00:00`. Each is at least one microsecond
 * later than the previous one, so that the list is in order of creation even if the clock does not advance.
 */
export class TimestampSequence {
  #last = 0;

  constructor(private readonly now: () => Date) {}

  /** Creates the next creation time. */
  createNext(): string {
    this.#last = Math.max(this.now().getTime() * 1000, this.#last + 1);
    const milliseconds = Math.floor(this.#last / 1000);
    const microseconds = String(this.#last - milliseconds * 1000).padStart(3, "0");
    return `${new Date(milliseconds).toISOString().slice(0, 23)}${microseconds}+00:00`;
  }

  /** Ensures that the next results are later than this timestamp. */
  startAfter(timestamp: string): void {
    const milliseconds = Date.parse(`${timestamp.slice(0, 23)}Z`);
    this.#last = Math.max(this.#last, milliseconds * 1000 + Number(timestamp.slice(23, 26)));
  }
}
