import { spawn } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, rmSync } from "node:fs";
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
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      // Since Node 22, caches compiled code for the next command.
      NODE_COMPILE_CACHE: join(root, ".local", "compile-cache"),
    },
  });

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{ stdout?: "inherit" | "ignore" | number, codes?: number[] }} [options] `codes`: the expected exit codes
   */
  const run = (command, args, { stdout = "inherit", codes = [0] } = {}) =>
    /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        const child = spawn(command, args, { cwd: place, env, stdio: ["ignore", stdout, "inherit"] });
        child.on("error", reject);
        child.on("close", (code) => {
          if (code !== null && codes.includes(code)) return resolve();
          reject(new SetupError(`${command} ${args.join(" ")} failed with exit code ${code}.`));
        });
      })
    );
  return {
    /** @param {...string} args */
    runQuietly: (...args) => run("pulumi", args, { stdout: "ignore" }),
    /** @param {...string} args */
    runVisibly: (...args) => {
      printCommand("pulumi", args);
      return run("pulumi", args);
    },
    /**
     * Writes the events of a preview to a file in the folder of the example.
     * @param {string} file
     */
    writePreview: async (file) => {
      const args = ["preview", "--json"];
      printCommand("PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi", args, ` > ${file}`);
      const stdout = openSync(join(place, file), "w");
      try {
        await run("pulumi", args, { stdout });
      } finally {
        closeSync(stdout);
      }
    },
    /**
     * Runs `datadog-org-connections`.
     * @param {number[]} codes the expected exit codes
     * @param {...string} args
     */
    runCommandLine: (codes, ...args) => {
      printCommand("datadog-org-connections", args);
      return run(process.execPath, [join(root, "cli", "dist", "main.js"), ...args], { codes });
    },
  };
}

/** @param {string} command @param {string[]} args */
function printCommand(command, args, end = "") {
  console.log(formatBold(`$ ${command} ${args.map(quote).join(" ")}${end}`));
}

/** @param {string} text */
export function formatBold(text) {
  return process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text;
}

/** @param {string} text */
function quote(text) {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text}'`;
}
