import { folders } from "./folders.mjs";
import { SEED } from "./sample.mjs";

/**
 * The result files of a run. Each sample has its own files, since the results of another sample do not apply.
 * @param {string} folder
 * @param {string} mode `sample` or `full`
 */
export function getFiles(folder, mode) {
  const which = mode === "sample" ? `sample-${SEED}-${folders[folder]?.share}` : mode;
  const start = `.local/mutation/${folder}-${which}`;
  return {
    incremental: `${start}.incremental.json`,
    report: `${start}.json`,
    page: `${start}.html`,
  };
}
