import type { Recording } from "./recording.js";
import type { Replacer } from "./replacer.js";
import { MESSAGES, NAMES } from "./simplify-body.js";

/**
 * The last check of a recording: what was replaced is nowhere in it, and neither is a credential. A name can be a word of the API as
 * well, so names are searched where names and messages are.
 *
 * @throws if something is left
 */
export function checkRecording(recording: Recording, secrets: readonly string[], replacer: Replacer): void {
  const strings = listStrings(recording, "");
  const isAnywhere = (value: string) => strings.some(({ text }) => contains(text, value));
  if (secrets.some(isAnywhere)) throw createLeakError("a credential");
  const { names, others } = replacer.listReplaced();
  if (others.some(isAnywhere)) throw createLeakError("a real ID, address or date");
  const isNameLeft = ({ field, text }: FoundString) =>
    (NAMES.has(field) && names.includes(text)) ||
    (MESSAGES.has(field) && names.some((name) => contains(text, name)));
  if (strings.some(isNameLeft)) throw createLeakError("a real name");
}

/** Shorter strings are a part of others by chance. */
const MIN_LENGTH = 4;

const contains = (text: string, value: string): boolean =>
  value.length >= MIN_LENGTH && text.toLowerCase().includes(value.toLowerCase());

const createLeakError = (what: string): Error =>
  new Error(
    `The recording contains ${what}, so it was not written. Report this as a defect, without the exchanges.`,
  );

interface FoundString {
  /** The name of its field, or of the field of its list. */
  field: string;
  text: string;
}

function listStrings(value: unknown, field: string): FoundString[] {
  if (typeof value === "string") return [{ field, text: value }];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => listStrings(item, field));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [
    { field: "", text: name },
    ...listStrings(item, name),
  ]);
}
