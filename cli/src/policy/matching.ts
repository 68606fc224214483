import { isUuid } from "datadog-org-connections-core/text/data.js";
import { toVariableSuffix } from "datadog-org-connections-core/credentials/setting-names.js";
import type { OrganizationRef } from "../changes/shared-data.js";
import { isUuidLike } from "../changes/rich-text.js";
import { createContext, Script } from "node:vm";

/** Whether a rule or a part of it matches. `undefined` if too little is known about an organization. */
export type Match = boolean | undefined;

/** One end of a connection. */
export type PairEnd = "source" | "sink";

/**
 * Matches an organization with patterns. Without patterns, every organization matches.
 *
 * - `*` matches every organization.
 * - A UUID is compared only with the id.
 * - Any other pattern is compared with the name in Datadog and with the configured names.
 *
 * A configured name matches only a source that the program refers to by this name, because the credentials of this name are then
 * used. A match with any other configured name counts as unknown, because the author of a change can also change the configuration.
 * Nothing but `*` is known to match an organization whose ID is a guess.
 */
export function matchOrganization(
  patterns: string | readonly string[] | undefined,
  organization: OrganizationRef,
  end: PairEnd,
): Match {
  const list = typeof patterns === "string" ? [patterns] : patterns;
  return list === undefined
    ? true
    : matchAny(list.map((pattern) => matchPattern(pattern, organization, end)));
}

/** Whether at least one match is true. `undefined` if none is true and at least one is unknown. */
export function matchAny(matches: readonly Match[]): Match {
  if (matches.includes(true)) return true;
  return matches.includes(undefined) ? undefined : false;
}

/** Whether all matches are true. `undefined` if none is false and at least one is unknown. */
export function matchAll(matches: readonly Match[]): Match {
  if (matches.includes(false)) return false;
  return matches.includes(undefined) ? undefined : true;
}

function matchPattern(
  pattern: string,
  { id, name, alias, isAliasById, isGuess, otherAliases = [] }: OrganizationRef,
  end: PairEnd,
): Match {
  const normalized = pattern.trim().toLowerCase();
  if (/^\*+$/.test(normalized)) return true;
  if (isGuess === true) return undefined;
  if (isUuid(normalized)) return id === undefined ? undefined : id === normalized;
  // A name that resembles a UUID may be meant to deceive, so it counts as unknown.
  const knownName = name === undefined || isUuidLike(name) ? undefined : name;
  if (isNameMatch(normalized, knownName)) return true;
  const isMatch = (one: string) => !isUuidLike(one) && isConfiguredNameMatch(normalized, one);
  const isAliasMatch = alias !== undefined && isMatch(alias);
  if (isAliasMatch && end === "source" && isAliasById !== true) return true;
  // Any other configured name proves nothing, for example that of a destination. But a rule with such a name must not silently stop
  // applying, so the match is unknown.
  if (otherAliases.some(isMatch)) return undefined;
  return knownName === undefined || isAliasMatch ? undefined : false;
}

/** Whether a configured name matches a pattern, in any spelling that selects the same credentials: `team-01`, `TEAM_01`. */
const isConfiguredNameMatch = (pattern: string, alias: string): boolean =>
  isNameMatch(pattern, alias) ||
  isNameMatch(pattern.split("*").map(toVariableSuffix).join("*").toLowerCase(), toVariableSuffix(alias));

/**
 * Whether a name matches a pattern, in which `*` matches any text. Each part of the pattern is searched for once, from left to
 * right, so the comparison is fast for every pattern and every name.
 */
function isNameMatch(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  const text = name.trim().toLowerCase();
  const [first = "", ...rest] = pattern.split(/\*+/);
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return position <= text.length - last.length;
}

/** The time limit of one comparison. */
const MAX_COMPARISON_MS = 500;
/** The time limit of all comparisons of a review. */
const MAX_TOTAL_MS = 5000;

/**
 * The result of a comparison. `slow` means that no time remained, that a time limit stopped the comparison, or that V8 cannot run
 * the pattern.
 */
export type Comparison = "matches" | "differs" | "slow";

/**
 * Compares reasons with the patterns of a policy. The author of a change can craft a reason with which a regular expression runs
 * for years. So each comparison has a time limit. At the limit, V8 stops even a running regular expression (Node 20, 22 and 24).
 */
export class ReasonPatterns {
  private readonly cache = new Map<string, Comparison>();
  private remainingMs = MAX_TOTAL_MS;

  /** Compares a reason with a pattern. */
  compare(pattern: string, reason: string): Comparison {
    const key = JSON.stringify([pattern, reason]);
    const result = this.cache.get(key) ?? this.runComparison(pattern, reason);
    this.cache.set(key, result);
    return result;
  }

  private runComparison(pattern: string, reason: string): Comparison {
    const timeout = Math.min(MAX_COMPARISON_MS, Math.floor(this.remainingMs));
    if (timeout <= 0) return "slow";
    const startedAt = performance.now();
    try {
      const context = createContext({ expression: new RegExp(pattern, "u"), reason });
      return COMPARISON.runInContext(context, { timeout }) === true ? "matches" : "differs";
    } catch {
      // The cause is the time limit, or a pattern that V8 can compile but not run.
      return "slow";
    } finally {
      this.remainingMs -= performance.now() - startedAt;
    }
  }
}

const COMPARISON = new Script("expression.test(reason)");
