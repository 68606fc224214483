/** A file of axios without types. The version of axios is fixed in package.json. */
declare module "axios/unsafe/helpers/shouldBypassProxy.js" {
  /** Whether NO_PROXY makes axios connect to an address directly, although a proxy is set. */
  const shouldBypassProxy: (address: string) => boolean;
  export default shouldBypassProxy;
}
