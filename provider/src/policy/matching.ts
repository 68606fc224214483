import type { Organization } from "../changes/change.js";

/** Whether a rule's names mean an organization; `undefined`: too little is known of it to tell. */
export type Match = boolean | undefined;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether one of the patterns means the organization. Left out, they mean all. */
export function means(patterns: string | readonly string[] | undefined, organization: Organization): Match {
  const list = typeof patterns === "string" ? [patterns] : patterns;
  return list === undefined ? true : any(list.map((pattern) => meansOne(pattern, organization)));
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

function meansOne(pattern: string, { id, name, alias }: Organization): Match {
  const wanted = pattern.trim().toLowerCase();
  if (/^\*+$/.test(wanted)) return true;
  const known = [id, name, alias].filter((text) => text !== undefined);
  const expression = new RegExp(`^${wanted.split(/\*+/).map(quoted).join(".*")}$`, "su");
  if (known.some((text) => expression.test(text.trim().toLowerCase()))) return true;
  // A UUID is compared with the id, anything else with the names.
  const missing = UUID.test(wanted) ? id : name;
  return missing === undefined ? undefined : false;
}

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
