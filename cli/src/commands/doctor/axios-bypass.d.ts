/**
 * Axios has no type declarations for this internal file. Another version of axios may change the file, so package.json pins the version.
 */
declare module "axios/unsafe/helpers/shouldBypassProxy.js" {
  /** Whether NO_PROXY excludes an address from the use of a proxy. */
  const shouldBypassProxy: (address: string) => boolean;
  export default shouldBypassProxy;
}
