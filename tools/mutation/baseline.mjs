/**
 * @typedef {object} Tally of the mutants of one folder
 * @property {number} killed
 * @property {number} timeout
 * @property {number} survived
 * @property {number} noCoverage
 * @property {number} errors mutants with which no test could run: not in the score
 * @property {number} score percentage of the mutants that some test noticed, to two decimals
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
export function tallyOf(report) {
  const statuses = Object.values(report.files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  /** @param {string} wanted */
  const count = (wanted) => statuses.filter((status) => status === wanted).length;
  const [killed, timeout] = [count("Killed"), count("Timeout")];
  const [survived, noCoverage] = [count("Survived"), count("NoCoverage")];
  const total = killed + timeout + survived + noCoverage;
  const score = total === 0 ? 0 : Math.round((10_000 * (killed + timeout)) / total) / 100;
  return { killed, timeout, survived, noCoverage, errors: count("RuntimeError"), score };
}

/**
 * @param {Report} report
 * @returns {string[]} one line for each mutant that no test noticed
 */
export function undetectedIn(report) {
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
 * What is worse than recorded, or cannot be compared with it.
 * @param {Record<string, { share: number, score: number }>} tallies
 * @param {Record<string, { share: number, score: number }>} baseline
 * @returns {string[]} one line for each folder that is worse
 */
export function belowBaseline(tallies, baseline) {
  return Object.entries(tallies).flatMap(([folder, { share, score }]) => {
    const recorded = baseline[folder];
    if (recorded === undefined || recorded.share !== share) {
      return [`${folder}: no score of this sample is recorded; record it with --write`];
    }
    return score < recorded.score
      ? [`${folder}: score ${score.toFixed(2)} is below its baseline ${recorded.score.toFixed(2)}`]
      : [];
  });
}
