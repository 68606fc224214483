import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { writeAtomic } from "../../../cli/src/shared/write-atomic.js";

/** A user, with replaced values. */
const userSchema = v.strictObject({
  id: v.string(),
  handle: v.string(),
  email: v.string(),
  name: v.string(),
  serviceAccount: v.boolean(),
});

/** An organization of the recording, in the form of a seed of the sandbox. */
const organizationSchema = v.strictObject({
  /** What the credentials of requests refer to, such as `organization-1`. */
  key: v.string(),
  id: v.string(),
  name: v.string(),
  disabled: v.boolean(),
  permissions: v.array(v.string()),
  listsAllOrganizations: v.boolean(),
  /** The creator of its connections, if it has created any. */
  user: v.optional(userSchema),
});

/** A connection that existed before. Its ends are keys of organizations. */
const connectionSchema = v.strictObject({
  source: v.string(),
  sink: v.string(),
  connectionTypes: v.array(v.string()),
  createdBy: userSchema,
});

/** A workload identity. */
const identitySchema = v.strictObject({
  /** What the credentials of requests refer to, such as `identity-1`. */
  key: v.string(),
  /** The key of the organization that its tokens are for. Missing if no user is mapped to it. */
  organization: v.optional(v.string()),
  /** The permissions of its tokens. */
  scopes: v.array(v.string()),
});

/** A credential that no organization has. */
export const UNKNOWN = "unknown";

/** Whose credentials a request has: `organization-1/apiKey`, `identity-1/token`, or {@link UNKNOWN}. */
const credentialsSchema = v.strictObject({
  apiKey: v.optional(v.string()),
  appKey: v.optional(v.string()),
  token: v.optional(v.string()),
  /** Of an exchange: the key of the identity. */
  proof: v.optional(v.string()),
  location: v.picklist(["headers", "query"]),
});

const exchangeSchema = v.strictObject({
  method: v.string(),
  /** With the query, without keys. */
  path: v.string(),
  credentials: credentialsSchema,
  requestBody: v.optional(v.unknown()),
  status: v.number(),
  headers: v.record(v.string(), v.string()),
  body: v.unknown(),
});

const contentSchema = v.strictObject({
  version: v.literal(1),
  organizations: v.array(organizationSchema),
  connections: v.array(connectionSchema),
  identities: v.array(identitySchema),
  exchanges: v.array(exchangeSchema),
});

const recordingSchema = v.strictObject({ digest: v.string(), ...contentSchema.entries });

/** The exchanges of a run, without credentials and real names, and what the sandbox needs to replay them. */
export type Recording = v.InferOutput<typeof contentSchema>;
export type ExchangeFixture = v.InferOutput<typeof exchangeSchema>;
export type CredentialNames = v.InferOutput<typeof credentialsSchema>;
export type OrganizationFixture = v.InferOutput<typeof organizationSchema>;
export type ConnectionFixture = v.InferOutput<typeof connectionSchema>;
export type IdentityFixture = v.InferOutput<typeof identitySchema>;
export type UserFixture = v.InferOutput<typeof userSchema>;

/**
 * Formats a recording as the content of its file, with one line for each exchange. The digest detects edits of requests, which may
 * have no effect on a response.
 */
export function formatRecording(recording: Recording): string {
  const { version, organizations, connections, identities, exchanges } = recording;
  return [
    `{"digest":${JSON.stringify(createDigest(recording))},"version":${version}`,
    `"organizations":${formatLines(organizations)}`,
    `"connections":${formatLines(connections)}`,
    `"identities":${formatLines(identities)}`,
    `"exchanges":${formatLines(exchanges)}}\n`,
  ].join(",\n");
}

const formatLines = (items: readonly unknown[]): string =>
  items.length === 0 ? "[]" : `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;

/**
 * Parses the content of the file of a recording.
 *
 * @param name - for messages
 * @throws if a byte differs from what was recorded
 */
export function parseRecording(text: string, name: string): Recording {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordingSchema), text);
  if (!parsed.success) throw new Error(`${name} is not a recording of a live run.`);
  const { version, organizations, connections, identities, exchanges } = parsed.output;
  const recording = { version, organizations, connections, identities, exchanges };
  if (formatRecording(recording) !== text)
    throw new Error(`${name} is not what was recorded. Restore it, or record it again with --record.`);
  return recording;
}

const createDigest = (recording: Recording): string =>
  createHash("sha256").update(JSON.stringify(recording)).digest("base64url");

/** Writes a recording. Replaces an earlier one. @throws if it cannot be written */
export function writeRecording(file: string, recording: Recording): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeAtomic(file, formatRecording(recording), { name: file, overwrite: true });
}
