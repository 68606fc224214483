const seed = Number(process.env["RANDOM_SEED"] ?? 20261126);
const share = Number(process.env["RANDOM_SHARE"] ?? 0.25);
/** The share of the cases on the real engine, which take seconds each. `.ci/nightly` runs all. */
export const ENGINE_SHARE = Number(process.env["ENGINE_SHARE"] ?? 0.28);

/**
 * Returns the seed and the count of cases of a random test, as parameters of fast-check.
 * @param count the cases of a complete run. `npm test` runs a quarter of them with a fixed seed, `.ci/run` all with a new
 *   seed, which it prints. RANDOM_SEED and RANDOM_SHARE select others.
 */
export const selectCases = (count: number): { seed: number; numRuns: number } => ({
  seed,
  numRuns: Math.ceil(count * share),
});

/** Returns the same for a test on the real engine. */
export const selectEngineCases = (count: number): { seed: number; numRuns: number } => ({
  seed,
  numRuns: Math.ceil(count * ENGINE_SHARE),
});
