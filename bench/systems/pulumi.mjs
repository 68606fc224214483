import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { measureCommand } from "../measure-command.mjs";
import { runCommand } from "../run-command.mjs";

const project = "bench";
/** @type {Record<import("./system.mjs").Operation, string[]>} */
const commands = {
  create: ["up"],
  "no-op": ["up"],
  refresh: ["refresh"],
  change: ["up"],
  destroy: ["destroy"],
};

/**
 * A stack with a program of bench/programs and a local file backend. Each operation is one run of the CLI
 * without the preview of `up`, to compare it with one run of another tool.
 * @param {string} program
 * @returns {import("./system.mjs").SystemOpener}
 */
export const createPulumiProgram =
  (program) =>
  async ({ folder, binDir, env, timeoutMs }) => {
    const backend = join(folder, "backend");
    mkdirSync(backend, { recursive: true });
    const path = fileURLToPath(new URL(`../programs/${program}.cjs`, import.meta.url));
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      `name: ${project}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
    );
    writeFileSync(join(folder, "package.json"), '{ "name": "bench", "main": "index.js" }\n');
    writeFileSync(join(folder, "index.js"), `require(${JSON.stringify(path)});\n`);
    const common = { home: join(folder, "home"), backendDir: backend, binDir };
    const options = { cwd: folder, env: createIsolatedEnv({ ...common, extra: env }) };
    runCommand("pulumi", ["stack", "init", "dev"], options);
    return {
      run: (operation, types) =>
        measureCommand(
          "pulumi",
          [...commands[operation], "--yes", "--skip-preview", "--stack=dev", "--non-interactive"],
          {
            cwd: folder,
            env: createIsolatedEnv({ ...common, extra: { ...env, BENCH_TYPES: types } }),
            timeoutMs,
          },
        ),
      stateBytes: () => statSync(join(backend, ".pulumi", "stacks", project, "dev.json")).size,
    };
  };
