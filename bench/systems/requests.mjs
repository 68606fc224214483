import { fileURLToPath } from "node:url";
import { measured } from "../measured-command.mjs";

const script = fileURLToPath(new URL("../requests.mjs", import.meta.url));

/** The requests alone, see bench/requests.mjs. @type {import("./system.mjs").Opener} */
export const requestsAlone = async ({ folder, env, timeoutMs }) => ({
  run: (operation, extra) =>
    measured(process.execPath, [script, operation], {
      cwd: folder,
      env: { ...process.env, ...env, ...extra },
      timeoutMs,
    }),
  stateBytes: () => undefined,
});
