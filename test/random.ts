/** Selects the cases of random tests, and the cells of the fault table that the real engine plays. */
const SEED = Number(process.env["RANDOM_SEED"] ?? 20261126);
const share = Number(process.env["RANDOM_SHARE"] ?? 0.25);
/** The share of the cases on the real engine, which take seconds each. `.ci/nightly` runs all. */
const ENGINE_SHARE = Number(process.env["ENGINE_SHARE"] ?? 0.28);

/**
 * Returns the seed and the count of cases of a random test, as parameters of fast-check.
 * @param count the cases of a complete run. `npm test` runs a quarter of them with a fixed seed, `.ci/run` all with a new
 *   seed, which it prints. RANDOM_SEED and RANDOM_SHARE select others.
 */
export const selectCases = (count: number): { seed: number; numRuns: number } => ({
  seed: SEED,
  numRuns: Math.ceil(count * share),
});

/** Returns the same for a test on the real engine. */
export const selectEngineCases = (count: number): { seed: number; numRuns: number } => ({
  seed: SEED,
  numRuns: Math.ceil(count * ENGINE_SHARE),
});

/**
 * Returns whether the real engine plays the cell in this row and column of a table: one of `period` in each row and in each column,
 * which the seed selects, and all in `.ci/nightly`.
 */
export const isEngineCell = (row: number, column: number, period: number): boolean =>
  ENGINE_SHARE === 1 || (row + column + SEED) % period === 0;
