import * as v from "valibot";
import { escapeInvisible } from "../text/escape-text.js";
import { parseJson } from "../text/data.js";

/** The start of a marker, before its JSON. The JSON escapes `#`, so a connection type in the JSON cannot start another marker. */
const MARKER_PREFIX = "#org-connections:notice# ";
const VERSION = 1;

// Any program can print a notice, so each field has a limit, which is far above the values of a real notice.
const idSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
/** The maximum length of the name of an organization in a notice. A longer name is cut. */
export const MAX_SOURCE_LENGTH = 200;
const commonFields = { version: v.literal(VERSION), sourceOrgId: v.optional(idSchema) };
const connectionFields = { ...commonFields, connectionId: idSchema, sinkOrgId: v.optional(idSchema) };
const noticeSchema = v.variant("kind", [
  /** The create will adopt this connection, which currently has these types. */
  v.object({
    ...connectionFields,
    kind: v.literal("adoption"),
    connectionTypes: v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(100)),
  }),
  /** The state has this connection, but it is no longer live. */
  v.object({ ...connectionFields, kind: v.literal("gone") }),
  /** The preview could not check the connections of this organization, because of the error with this code. */
  v.object({
    ...commonFields,
    kind: v.literal("not-checked"),
    /** The name of the organization in the program. Missing for the default organization. */
    source: v.optional(v.pipe(v.string(), v.maxLength(MAX_SOURCE_LENGTH))),
    code: v.pipe(v.string(), v.regex(/^[a-z-]{1,40}$/)),
  }),
]);
const versionSchema = v.object({ version: v.number() });

/** A message from the provider to `datadog-org-connections review`, in a line of the preview. */
export type Notice = v.InferOutput<typeof noticeSchema>;
/** A notice without its version, which `formatNotice` adds. */
export type NoticeFields = Without<Notice, "version">;
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** The notices in a message. */
export interface ParsedNotices {
  notices: Notice[];
  /** The count of notices from later versions of this package. */
  newer: number;
  /** The count of invalid notices. */
  malformed: number;
}

/**
 * Formats a sentence for people, followed by the notice as an ASCII marker. The result is always one line. Any program can print
 * such a line, so readers must verify a notice by other means.
 */
export function formatNotice(sentence: string, fields: NoticeFields): string {
  const json = JSON.stringify({ version: VERSION, ...fields }).replace(
    /[^\x20-\x7e]|#/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escapeInvisible(sentence)} ${MARKER_PREFIX}${json}`;
}

/** Parses the notices in a message of the engine. Each line has at most one. */
export function parseNotices(message: string): ParsedNotices {
  const parsed: ParsedNotices = { notices: [], newer: 0, malformed: 0 };
  for (const line of message.split(/\r?\n/)) {
    const at = line.lastIndexOf(MARKER_PREFIX);
    if (at === -1) continue;
    const json = parseJson(line.slice(at + MARKER_PREFIX.length));
    const notice = v.safeParse(noticeSchema, json);
    const versioned = v.safeParse(versionSchema, json);
    if (notice.success) parsed.notices.push(notice.output);
    else if (versioned.success && versioned.output.version > VERSION) parsed.newer++;
    else parsed.malformed++;
  }
  return parsed;
}
