/** Finds credentials with recognizable names in outputs and files. */
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
      })),
    })),
  };
}
