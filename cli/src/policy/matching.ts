import { isUuid } from "datadog-org-connections-core/api/uuid.js";
import type { Organization } from "../changes/sharing.js";
import { looksLikeUuid } from "../changes/phrase.js";

/** Whether a rule's names mean an organization; `undefined`: too little is known of it to tell. */
export type Match = boolean | undefined;

/** Which end of a connection an organization is. */
export type End = "source" | "sink";

/**
 * Whether one of the patterns means the organization. Left out, they mean all.
 *
 * A UUID is compared with the id alone, anything else with the name at Datadog. Whoever changes a program may change the
 * stack's configuration with it, so a name from there counts only where it says whose credentials are used: for a source
 * that the program calls so.
 */
export function means(
  patterns: string | readonly string[] | undefined,
  organization: Organization,
  end: End,
): Match {
  const list = typeof patterns === "string" ? [patterns] : patterns;
  return list === undefined ? true : any(list.map((pattern) => meansOne(pattern, organization, end)));
}

/** Whether any of the answers is yes; not told when none is, and one is not told. */
export function any(matches: readonly Match[]): Match {
  if (matches.includes(true)) return true;
  return matches.includes(undefined) ? undefined : false;
}

/** Whether all of the answers are yes; not told when none is no, and one is not told. */
export function all(matches: readonly Match[]): Match {
  if (matches.includes(false)) return false;
  return matches.includes(undefined) ? undefined : true;
}

function meansOne(pattern: string, { id, name, alias, isAliasById }: Organization, end: End): Match {
  const wanted = pattern.trim().toLowerCase();
  if (/^\*+$/.test(wanted)) return true;
  if (isUuid(wanted)) return id === undefined ? undefined : id === wanted;
  // A name with the layout of a UUID was chosen to be taken for one: what it means is not told.
  const known = name === undefined || looksLikeUuid(name) ? undefined : name;
  if (matchesName(wanted, known)) return true;
  const isAlias = alias !== undefined && !looksLikeUuid(alias) && matchesName(wanted, alias);
  if (isAlias && end === "source" && isAliasById !== true) return true;
  // A rule that was written with such a name must not stop to hold in silence.
  return known === undefined || isAlias ? undefined : false;
}

/**
 * Whether a name is of the pattern's form, `*` standing for any text. Each part is looked for once, from the left, behind
 * the one before: no pattern and no name makes it slow.
 */
function matchesName(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  const text = name.trim().toLowerCase();
  const [first = "", ...rest] = pattern.split(/\*+/);
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
