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
 * Selects the cells of a table that the real engine plays: one of each group, which the seed selects, or all in `.ci/nightly`.
 * @param groupings - each returns a property of a cell, and the cells with the same value are a group
 */
export function selectEngineCells<Cell>(
  cells: readonly Cell[],
  ...groupings: ((cell: Cell) => unknown)[]
): Cell[] {
  if (ENGINE_SHARE === 1) return [...cells];
  const groups = groupings.flatMap((getValue) =>
    [...new Set(cells.map(getValue))].map((value) => cells.filter((cell) => getValue(cell) === value)),
  );
  const chosen = new Set(groups.map((group, at) => group[(at + SEED) % group.length]));
  return cells.filter((cell) => chosen.has(cell));
}
