/**
 * @typedef {object} Tally the results of the mutants of one folder
 * @property {number} killed
 * @property {number} timeout
 * @property {number} survived
 * @property {number} noCoverage
 * @property {number} errors mutants with which no test could run, which are not in the score
 * @property {number} score percentage of detected mutants, to two decimals
 */

/**
 * @typedef {object} Mutant
 * @property {string} status
 * @property {string} mutatorName
 * @property {string} [replacement]
 * @property {{ start: { line: number, column: number } }} location
 */
/** @typedef {{ files: Record<string, { mutants: Mutant[] }> }} Report the JSON report of Stryker */

/**
 * @param {Report} report
 * @returns {Tally}
 */
export function computeTally(report) {
  const statuses = Object.values(report.files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  /** @param {string} expected */
  const countStatus = (expected) => statuses.filter((status) => status === expected).length;
  const [killed, timeout] = [countStatus("Killed"), countStatus("Timeout")];
  const [survived, noCoverage] = [countStatus("Survived"), countStatus("NoCoverage")];
  const total = killed + timeout + survived + noCoverage;
  const score = total === 0 ? 0 : Math.round((10_000 * (killed + timeout)) / total) / 100;
  return { killed, timeout, survived, noCoverage, errors: countStatus("RuntimeError"), score };
}

/**
 * @param {Report} report
 * @returns {string[]} one line for each undetected mutant
 */
export function listUndetected(report) {
  return Object.entries(report.files).flatMap(([file, { mutants }]) =>
    mutants
      .filter(({ status }) => status === "Survived" || status === "NoCoverage")
      .map(({ status, mutatorName, replacement = "", location: { start } }) => {
        const by = replacement.replaceAll(/\s+/g, " ").slice(0, 80);
        return `${status} ${file}:${start.line}:${start.column} ${mutatorName}: ${by}`;
      }),
  );
}

/**
 * Compares scores with the baseline. Lists those that are lower or cannot be compared.
 * @param {Record<string, { share: number, score: number }>} tallies
 * @param {Record<string, { share: number, score: number }>} baseline
 * @returns {string[]} one line for each folder with a problem
 */
export function compareWithBaseline(tallies, baseline) {
  return Object.entries(tallies).flatMap(([folder, { share, score }]) => {
    const saved = baseline[folder];
    if (saved === undefined || saved.share !== share) {
      return [`${folder}: no score of this sample is saved; save it with --write`];
    }
    return score < saved.score
      ? [`${folder}: score ${score.toFixed(2)} is below its baseline ${saved.score.toFixed(2)}`]
      : [];
  });
}
