import { spawn } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { createIsolatedEnv } from "./pulumi-env.mjs";
import { SetupError } from "./setup-error.mjs";

const place = join(root, ".local", "quick-start");

/**
 * Creates a copy of the example in an ignored folder, with its own backend, so that the user's files do not
 * change.
 * @param {import("../sandbox/src/index.js").Sandbox} sandbox
 * @param {string} binDir
 */
export function createStack(sandbox, binDir) {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(join(place, "backend"), { recursive: true });
  const example = join(root, "examples", "quick-start");
  cpSync(example, place, { recursive: true, filter: (path) => !path.includes("node_modules") });
  const { apiKey, appKey } = sandbox.getOrganization("payments");
  const env = createIsolatedEnv({
    home: join(place, "home"),
    backendDir: join(place, "backend"),
    binDir,
    extra: {
      DD_HOST: sandbox.url,
      DD_API_KEY: apiKey,
      DD_APP_KEY: appKey,
      // Since Node 22, caches compiled code for the next command.
      NODE_COMPILE_CACHE: join(root, ".local", "compile-cache"),
    },
  });

  /** @param {string[]} args @param {"inherit" | "ignore"} stdout */
  const run = (args, stdout) =>
    /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        const child = spawn("pulumi", args, { cwd: place, env, stdio: ["ignore", stdout, "inherit"] });
        child.on("error", reject);
        child.on("close", (code) => {
          if (code === 0) return resolve();
          reject(new SetupError(`pulumi ${args.join(" ")} failed with exit code ${code}.`));
        });
      })
    );
  return {
    /** @param {...string} args */
    runQuietly: (...args) => run(args, "ignore"),
    /** @param {...string} args */
    runVisibly: (...args) => {
      console.log(formatBold(`$ pulumi ${args.map(quote).join(" ")}`));
      return run(args, "inherit");
    },
  };
}

/** @param {string} text */
export function formatBold(text) {
  return process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text;
}

/** @param {string} text */
function quote(text) {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text}'`;
}
