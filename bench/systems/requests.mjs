import { fileURLToPath } from "node:url";
import { measureCommand } from "../measure-command.mjs";

const script = fileURLToPath(new URL("../requests.mjs", import.meta.url));

/** Only the requests, see bench/requests.mjs. @type {import("./system.mjs").SystemOpener} */
export const openRequestsAlone = async ({ folder, env, timeoutMs }) => ({
  run: (operation, types) =>
    measureCommand(process.execPath, [script, operation], {
      cwd: folder,
      env: { ...process.env, ...env, BENCH_TYPES: types },
      timeoutMs,
    }),
  stateBytes: () => undefined,
});
