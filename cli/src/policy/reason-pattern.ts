import { createContext, Script } from "node:vm";

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
