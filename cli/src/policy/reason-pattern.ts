import { createContext, Script } from "node:vm";

/** How long one reason is compared with one pattern at most, and all of them together, in milliseconds. */
const LONGEST_MS = 500;
const ALL_MS = 5000;

/** What a comparison came to; `slow`: it was given up. */
export type Comparison = "fits" | "differs" | "slow";

/**
 * Compares reasons with the patterns of a policy. A reason is a text under review: one that is made for it can keep a regular
 * expression busy for years, so each comparison has a time limit. V8 ends a regular expression at the limit as it does a
 * loop (Node 20, 22 and 24).
 */
export class ReasonPatterns {
  private readonly known = new Map<string, Comparison>();
  private left = ALL_MS;

  /** Whether a reason is of the form that a pattern wants. */
  compare(pattern: string, reason: string): Comparison {
    const key = JSON.stringify([pattern, reason]);
    const known = this.known.get(key) ?? this.measure(pattern, reason);
    this.known.set(key, known);
    return known;
  }

  private measure(pattern: string, reason: string): Comparison {
    const timeout = Math.min(LONGEST_MS, Math.floor(this.left));
    if (timeout <= 0) return "slow";
    const begun = performance.now();
    try {
      const context = createContext({ expression: new RegExp(pattern, "u"), reason });
      return COMPARISON.runInContext(context, { timeout }) === true ? "fits" : "differs";
    } catch {
      // The limit, or the engine's own: a pattern that it can compile and not run.
      return "slow";
    } finally {
      this.left -= performance.now() - begun;
    }
  }
}

const COMPARISON = new Script("expression.test(reason)");
