const engineGone = "test/provider/host/engine-gone.test.ts";
const engineWatch = "test/core/host/engine-watch.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const engine = {
  "4-write": [
    {
      name: "client: a write does not check the engine",
      file: "call.ts",
      find: "await this.options.beforeWrite?.();",
      replace: "{}",
      test: engineGone,
      cells: "delete / request 1 (GET) / engine killed",
    },
    {
      name: "client: a write checks the engine only before the first attempt",
      file: "call.ts",
      find: "await this.options.beforeWrite?.();",
      replace: "if (attempt === 1) await this.options.beforeWrite?.();",
      test: engineGone,
    },
    {
      name: "engine: a stopped engine is treated as running",
      file: "network.ts",
      find: 'socket.once("error", () => finish(false));',
      replace: 'socket.once("error", () => finish(true));',
      test: engineGone,
    },
    {
      name: "engine: the host does not check it",
      file: "create-context.ts",
      find: "      await requireEngine();\n",
      replace: "",
      test: engineGone,
    },
    {
      name: "sessions: the engine check is not passed to the client",
      file: "sessions.ts",
      find: "beforeWrite: this.options.beforeWrite,",
      replace: "",
      test: engineGone,
    },
    {
      name: "plugin: a canceled process writes",
      file: "plugin-context.ts",
      find: "if (isCanceled) return Promise.reject(",
      replace: "if (isCanceled && !context.ledger.hasStartedChanges) return Promise.reject(",
      test: "test/plugin/messages.test.ts",
    },
  ],
  "4-exit": [
    {
      name: "engine: a provider process without an engine keeps running",
      file: "engine-watch.ts",
      find: "    this.isStopping = true;\n",
      replace: "    this.isStopping = true;\n    if (this.longestRequestMs === 0) return;\n",
      test: engineWatch,
    },
    {
      name: "engine: it is not watched",
      file: "process-context.ts",
      find: "      context.watch.start();\n",
      replace: "",
      test: engineWatch,
    },
    {
      name: "engine: one failed check ends the process",
      file: "engine-watch.ts",
      find: "const MAX_MISSES = 2;",
      replace: "const MAX_MISSES = 1;",
      test: engineWatch,
    },
    {
      name: "engine: failed checks before a successful one count",
      file: "engine-watch.ts",
      find: "isAlive ? 0 : this.consecutiveMisses + 1",
      replace: "this.consecutiveMisses + (isAlive ? 0 : 1)",
      test: engineWatch,
    },
    {
      name: "engine: it is checked once a minute",
      file: "engine-watch.ts",
      find: "const INTERVAL_MS = 5000;",
      replace: "const INTERVAL_MS = 60_000;",
      test: engineWatch,
    },
  ],
  "4-outstanding": [
    {
      name: "engine: an outstanding write is cut off",
      file: "engine-watch.ts",
      find: "    if (this.outstandingWrites === 0) this.exit();\n    else",
      replace: "    this.exit();\n    if (this.outstandingWrites > 0)",
      test: engineWatch,
    },
    {
      name: "engine: the first write that ends ends the process",
      file: "engine-watch.ts",
      find: "this.isStopping && this.outstandingWrites === 0",
      replace: "this.isStopping",
      test: engineWatch,
    },
    {
      name: "engine: a write that never ends keeps the process running",
      file: "engine-watch.ts",
      find: "    else setTimeout(this.exit, this.longestRequestMs).unref();\n",
      replace: "",
      test: engineWatch,
    },
    {
      name: "engine: writes are not reported to the watch",
      file: "create-context.ts",
      find: "    trackWrite: (write, requestMs) => watch.trackWrite(write, requestMs),\n",
      replace: "",
      test: engineWatch,
    },
  ],
};
