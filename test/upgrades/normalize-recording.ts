/** Removes from states and previews what differs between two runs, two machines, or two versions of Node and of the engine. */
import { formatRecordedJson } from "../recorded-json.js";
import type { Sandbox } from "../../sandbox/src/index.js";
import { sortResources, type StackPreview, type StackResource } from "./stack-state.js";

/** Times of the engine, and places in files, which depend on the engine, the SDK and the machine. */
const OMITTED = ["created", "modified", "sourcePosition", "stackTrace"];
/** Strings to replace, each with its replacement. */
export type Replacements = ReadonlyMap<string, string>;

/** The placeholder of the address of the sandbox. */
const URL_PLACEHOLDER = "{sandbox.url}";

/** Lists the placeholders of the address and the keys of a sandbox. */
function listPlaceholders({ url, organizations }: Sandbox): [placeholder: string, value: string][] {
  const keys = organizations.flatMap(({ key, apiKey, appKey }): [string, string][] => [
    [`{${key}.apiKey}`, apiKey],
    [`{${key}.appKey}`, appKey],
  ]);
  return [[URL_PLACEHOLDER, url], ...keys];
}

/** Lists what a recording replaces: the random IDs and the times of connections, the address and the keys. */
export function createReplacements(sandbox: Sandbox, existingIds: readonly string[]): Replacements {
  const created = sandbox
    .listConnections()
    .filter(({ id }) => !existingIds.includes(id))
    .sort((a, b) => (a.sourceOrgId + a.sinkOrgId < b.sourceOrgId + b.sinkOrgId ? -1 : 1));
  const connections = created.flatMap(({ id, createdAt }, at): [string, string][] => {
    const number = String(at + 1).padStart(2, "0");
    return [
      [id, `cccccccc-0000-4000-8000-0000000000${number}`],
      [createdAt, `2026-01-01T00:00:${number}.000000+00:00`],
    ];
  });
  const values = listPlaceholders(sandbox).map(([placeholder, value]) => [value, placeholder] as const);
  return new Map([...connections, ...values]);
}

/** Replaces the random IDs of providers, which the references of their resources contain too. */
export function replaceProviderIds(resources: readonly StackResource[]): Replacements {
  const providers = sortResources(resources.filter(({ type }) => type.startsWith("pulumi:providers:")));
  return new Map(
    providers.map(({ id = "" }, at) => [id, `ffffffff-0000-4000-8000-00000000000${at + 1}`] as const),
  );
}

/** Formats a state for a recording. */
export const formatState = (resources: readonly StackResource[], replacements: Replacements): string =>
  formatRecording({ version: 3, deployment: { resources: sortResources(resources) } }, replacements);

/** Formats a preview for a recording. */
export const formatPreview = ({ steps, changeSummary }: StackPreview, replacements: Replacements): string =>
  formatRecording({ steps: steps.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)), changeSummary }, replacements);

/** Fills the placeholders of a recording with the address and the keys of a sandbox. */
export const fillPlaceholders = (text: string, sandbox: Sandbox): string =>
  listPlaceholders(sandbox).reduce(
    (filled, [placeholder, value]) => filled.replaceAll(placeholder, value),
    text,
  );

/** Formats any recorded value. */
export const formatRecording = (value: object, replacements: Replacements): string =>
  `${formatRecordedJson(normalize(value, replacements))}\n`;

/** Normalizes a value. Sorts the keys, because the engine does not sort those of a preview. */
function normalize(value: unknown, replacements: Replacements): unknown {
  if (typeof value === "string") return replaceAll(value, replacements);
  if (Array.isArray(value)) return value.map((entry) => normalize(entry, replacements));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OMITTED.includes(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [
        key,
        key === "plaintext" ? normalizeSecret(entry, replacements) : normalize(entry, replacements),
      ]),
  );
}

/** Normalizes a decrypted secret, which is JSON in a string. */
const normalizeSecret = (secret: unknown, replacements: Replacements): string =>
  JSON.stringify(normalize(JSON.parse(String(secret)), replacements));

const replaceAll = (text: string, replacements: Replacements): string =>
  [...replacements].reduce((replaced, [from, to]) => replaced.replaceAll(from, to), text);
