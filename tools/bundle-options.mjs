/** What every bundle has in common: CommonJS, which Pulumi's provider process and Jest load, for each Node that is supported. */
export const bundleOptions = {
  config: /** @type {const} */ (false),
  format: /** @type {const} */ ("cjs"),
  platform: /** @type {const} */ ("node"),
  target: "node20",
  fixedExtension: false,
  logLevel: /** @type {const} */ ("error"),
};
