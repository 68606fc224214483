import { readFileSync } from "node:fs";

/**
 * The options of all bundles: CommonJS, which Pulumi's provider process and Jest require, for all supported
 * Node versions.
 */
export const bundleOptions = {
  config: /** @type {const} */ (false),
  format: /** @type {const} */ ("cjs"),
  platform: /** @type {const} */ ("node"),
  target: "node20",
  fixedExtension: false,
  logLevel: /** @type {const} */ ("error"),
};

/** `import text from "./page.css?raw"` imports the content of the file, as in Vite. */
export const rawText = {
  name: "raw-text",
  /** @param {string} id */
  load(id) {
    if (!id.endsWith("?raw")) return undefined;
    const text = readFileSync(id.slice(0, -"?raw".length), "utf8");
    return { code: `export default ${JSON.stringify(text)};`, moduleType: /** @type {const} */ ("js") };
  },
};
