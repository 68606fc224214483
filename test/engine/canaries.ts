/** Finds credentials with recognizable names, and those of workload identities in any form in which they are sent, in outputs and files. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { SandboxSeed } from "../../sandbox/src/index.js";

/** Keys that the search can find. They contain characters that URLs, JSON and shells encode. */
const createCanary = (createFault: string, of: string) => `CANARY-${createFault}-${of}+/=%&?"'<>\\~${of}`;

/** Lists the files in a folder that contain a credential. `find` searches a file. */
export function findLeakingFiles(
  folder: string,
  find: (text: string) => readonly string[] = findCanaries,
): string[] {
  return readFilesUnder(folder).flatMap(([file, text]) => (find(text).length > 0 ? [file] : []));
}

function readFilesUnder(folder: string): [file: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const bytes = readFileSync(file);
      return [file, (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()];
    });
}

/** Finds the credentials in a string by their names, which remain readable in any encoding. */
export function findCanaries(text: string): string[] {
  return [...new Set(text.match(/CANARY-(api|app|token)-[a-z0-9-]+/g) ?? [])].sort();
}

/** Replaces the keys of each organization by keys that the search can find. */
export function addCanaries({ accounts }: SandboxSeed): SandboxSeed {
  return {
    accounts: accounts.map(({ name, organizations }) => ({
      name,
      organizations: organizations.map((organization) => ({
        ...organization,
        apiKey: createCanary("api", organization.key),
        appKey: createCanary("app", organization.key),
        bearerToken: createCanary("token", organization.key),
      })),
    })),
  };
}

/** Marks what must not appear: a token of an issuer, an access token of the sandbox, and GitHub's request token. */
const PATTERNS = [
  /eyJ[\w-]{8,}\.eyJ[\w-]{8,}/g,
  /sandbox-access-token-[\w-]+/g,
  /sandbox-github-request-token/g,
];
/** Base64 that is long enough for a part of a proof. */
const BASE64 = /[A-Za-z0-9+/]{40,}={0,2}/g;
/** The body of the signed request in an AWS proof. */
const SIGNED_BODY = "Action=GetCallerIdentity";

/** Finds the credentials of identities in a string. Decodes Base64, because an AWS proof consists of it. */
export function findIdentityCanaries(text: string): string[] {
  const decoded = (text.match(BASE64) ?? []).map((part) => Buffer.from(part, "base64").toString("latin1"));
  const found = [text, ...decoded].flatMap((part) => [
    ...findCanaries(part),
    ...PATTERNS.flatMap((pattern) => part.match(pattern) ?? []),
  ]);
  const proofs = decoded.filter((part) => part.startsWith(SIGNED_BODY));
  return [...new Set([...found, ...proofs])].sort();
}
