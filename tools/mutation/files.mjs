import { folders } from "./folders.mjs";
import { SEED } from "./sample.mjs";

/**
 * Where a run leaves its files. Results of one sample say nothing about the mutants of another: each has its own.
 * @param {string} folder
 * @param {string} mode `sample` or `full`
 */
export function filesOf(folder, mode) {
  const which = mode === "sample" ? `sample-${SEED}-${folders[folder]?.share}` : mode;
  const start = `.local/mutation/${folder}-${which}`;
  return {
    incremental: `${start}.incremental.json`,
    report: `${start}.json`,
    page: `${start}.html`,
  };
}
