const files = ["test/cli/shared/write-atomic.test.ts"];
const browsers = ["test/sandbox/browsers.test.ts"];
const progress = ["test/cli/shared/progress.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const command = [
  {
    name: "write: a new file replaces one that exists",
    file: "write-atomic.ts",
    find: "    linkSync(temporary, target);",
    replace: "    renameSync(temporary, target);",
    tests: files,
  },
  {
    name: "write: without links a new file replaces one that exists",
    file: "write-atomic.ts",
    find: '  closeSync(openSync(target, "wx"));\n',
    replace: "",
    tests: files,
  },
  {
    name: "write: without links a failure leaves an empty file",
    file: "write-atomic.ts",
    find: "    rmSync(target, { force: true });\n",
    replace: "",
    tests: files,
  },
  {
    name: "write: a failure leaves the temporary file",
    file: "write-atomic.ts",
    find: "    rmSync(temporary, { force: true });\n",
    replace: "",
    tests: files,
  },
  {
    name: "write: a new file does not keep the mode of the old file",
    file: "write-atomic.ts",
    find: "  fchmodSync(descriptor, mode & 0o7777);\n",
    replace: "",
    tests: files,
  },
  {
    name: "stop: a command that waits for a server continues after a signal",
    file: "run.ts",
    find: "(handlesAbort ? action(...parsed) : rejectWhenStopped(action(...parsed), context.signal))",
    replace: "action(...parsed)",
    tests: progress,
  },
  {
    name: "stop: the progress line stays on the terminal",
    file: "progress.ts",
    find: '    signal.addEventListener("abort", () => this.clear(), { once: true });\n',
    replace: "",
    tests: progress,
  },
  {
    name: "sandbox: any Host is accepted",
    file: "cross-origin.ts",
    find: "!LOOPBACK_HOST.test(host)",
    replace: 'host === ""',
    tests: browsers,
  },
  {
    name: "sandbox: any Origin is accepted",
    file: "cross-origin.ts",
    find: "origin !== undefined && origin.toLowerCase() !== `http://${host}`",
    replace: 'origin === ""',
    tests: browsers,
  },
  {
    name: "sandbox: a browser's cross-site request is accepted",
    file: "cross-origin.ts",
    find: "site !== undefined && !ALLOWED_FETCH_SITES.includes(site)",
    replace: 'site === ""',
    tests: browsers,
  },
];
