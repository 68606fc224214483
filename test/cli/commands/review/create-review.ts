import type { Review } from "../../../../cli/src/commands/review/review.js";

/** Creates a review in which nothing is set but these properties. */
export const createReview = (more: Partial<Review> = {}): Review => ({
  inputs: [{ kind: "preview", location: "acme/dev" }],
  outcome: "changes",
  changes: [],
  unchanged: [],
  unreadable: [],
  isUnchangedKnown: true,
  complete: true,
  positions: new Map(),
  hasPolicy: false,
  violations: [],
  warnings: [],
  unknowns: [],
  errors: [],
  notes: [],
  ...more,
});
