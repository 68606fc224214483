import * as v from "valibot";
import { escapeInvisible } from "../api/invisible.js";

/** Stands before the marker. `#` is written as \u0023 within the marker, so no name in it can begin another one. */
const MARK = "#org-connections:notice# ";
const VERSION = 1;

const id = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
const common = {
  version: v.literal(VERSION),
  connectionId: id,
  sourceOrgId: v.optional(id),
  sinkOrgId: v.optional(id),
};
const notice = v.variant("kind", [
  /** The create will adopt this connection, which has these types now. */
  v.object({
    ...common,
    kind: v.literal("adoption"),
    connectionTypes: v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(100)),
  }),
  /** The state holds this connection, and it is not live any more. */
  v.object({ ...common, kind: v.literal("gone") }),
]);
const versioned = v.object({ version: v.number() });

/** What the provider says to `datadog-org-connections review` in a line of the preview. */
export type Notice = v.InferOutput<typeof notice>;
/** A notice by itself: `formatNotice` adds the version. */
export type NoticeFields = Without<Notice, "version">;
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What a message holds of notices. */
export interface ParsedNotices {
  notices: Notice[];
  /** Notices of later versions of this package. */
  newer: number;
  /** Notices that are of no version. */
  broken: number;
}

/**
 * A sentence for people, and the notice as one marker behind it: one line, whatever names stand in the sentence, and only
 * ASCII in the marker. Any program can print the same, so who reads a notice asks something else whether it holds.
 */
export function formatNotice(sentence: string, fields: NoticeFields): string {
  const json = JSON.stringify({ version: VERSION, ...fields }).replace(
    /[^\x20-\x7e]|#/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escapeInvisible(sentence)} ${MARK}${json}`;
}

/** The notices in a message of the engine, at most one in each of its lines. */
export function parseNotices(message: string): ParsedNotices {
  const parsed: ParsedNotices = { notices: [], newer: 0, broken: 0 };
  for (const line of message.split(/\r?\n/)) {
    const at = line.lastIndexOf(MARK);
    if (at === -1) continue;
    const json = parseJson(line.slice(at + MARK.length));
    const own = v.safeParse(notice, json);
    const any = v.safeParse(versioned, json);
    if (own.success) parsed.notices.push(own.output);
    else if (any.success && any.output.version > VERSION) parsed.newer++;
    else parsed.broken++;
  }
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
