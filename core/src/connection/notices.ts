import * as v from "valibot";
import { escapeInvisible } from "../text/escape-text.js";

// Any program can print a notice, so each field has a limit, which is far above the values of a real notice.
const idSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
/** The maximum length of the name of an organization in a notice. A longer name is cut. */
export const MAX_SOURCE_LENGTH = 200;
const noticeSchema = v.variant("kind", [
  /** The create will adopt this connection, which currently has these types. */
  v.object({
    kind: v.literal("adoption"),
    connectionId: idSchema,
    sourceOrgId: v.optional(idSchema),
    sinkOrgId: v.optional(idSchema),
    connectionTypes: v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(100)),
  }),
  /** The state has this connection, but it is no longer live. */
  v.object({ kind: v.literal("gone"), connectionId: idSchema }),
  /** The preview could not check the connections of this organization, because of the error with this code. */
  v.object({
    kind: v.literal("not-checked"),
    /** The name of the organization in the program. Missing for the default organization. */
    source: v.optional(v.pipe(v.string(), v.maxLength(MAX_SOURCE_LENGTH))),
    sourceOrgId: v.optional(idSchema),
    code: v.pipe(v.string(), v.regex(/^[a-z-]{1,40}$/)),
  }),
]);

/** A message from the provider to `datadog-org-connections review`, in a line of the preview. */
export type Notice = v.InferOutput<typeof noticeSchema>;

/** The fields as a bracket names them. A connection has one `type` for each of its types. */
const KEYS = {
  kind: "kind",
  connectionId: "id",
  sourceOrgId: "from",
  sinkOrgId: "to",
  source: "source",
  code: "code",
  connectionTypes: "type",
} as const;

/** The notices in a message. */
export interface ParsedNotices {
  notices: Notice[];
  /** The count of notices that this version cannot read. */
  unreadable: number;
}

/**
 * Formats a sentence for people, followed by the notice in brackets: `… [org-connections kind=gone id=cccccccc-…]`. The result is
 * always one line. Any program can print such a line, so readers must verify a notice by other means.
 */
export function formatNotice(sentence: string, notice: Notice): string {
  // This encoding leaves no bracket, space or line break in a value, so a connection type cannot end the bracket.
  const fields = new URLSearchParams(
    Object.entries(notice).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [KEYS[name as keyof typeof KEYS], one]),
    ),
  );
  return `${escapeInvisible(sentence)} [org-connections ${fields.toString().replaceAll("&", " ")}]`;
}

/** Parses the notices in a message of the engine. Each line has at most one, at its end. */
export function parseNotices(message: string): ParsedNotices {
  const parsed: ParsedNotices = { notices: [], unreadable: 0 };
  for (const line of message.split(/\r?\n/)) {
    const [, bracket] = /\[org-connections ([^[\]]*)\]\s*$/.exec(line) ?? [];
    if (bracket === undefined) continue;
    const fields = new URLSearchParams(bracket.replaceAll(" ", "&"));
    const notice = v.safeParse(
      noticeSchema,
      Object.fromEntries(
        Object.entries(KEYS).map(([name, key]) => [
          name,
          name === "connectionTypes" ? fields.getAll(key) : (fields.get(key) ?? undefined),
        ]),
      ),
    );
    if (notice.success) parsed.notices.push(notice.output);
    else parsed.unreadable++;
  }
  return parsed;
}
