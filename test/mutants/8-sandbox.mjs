const browsers = "test/sandbox/browsers.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const sandbox = {
  "8-origin": [
    {
      name: "sandbox: any Origin is accepted",
      file: "cross-origin.ts",
      find: "origin !== undefined && origin.toLowerCase() !== `http://${host}`",
      replace: 'origin === ""',
      test: browsers,
    },
    {
      name: "sandbox: a browser's cross-site request is accepted",
      file: "cross-origin.ts",
      find: "site !== undefined && !ALLOWED_FETCH_SITES.includes(site)",
      replace: 'site === ""',
      test: browsers,
    },
  ],
  "8-host": [
    {
      name: "sandbox: any Host is accepted",
      file: "cross-origin.ts",
      find: "!LOOPBACK_HOST.test(host)",
      replace: 'host === ""',
      test: browsers,
    },
  ],
};
