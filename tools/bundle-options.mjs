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
