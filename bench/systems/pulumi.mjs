import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { measureCommand } from "../measure-command.mjs";
import { runCommand } from "../run-command.mjs";

/** The name of the project. */
export const project = "bench";
const unattended = ["--yes", "--skip-preview"];
/** @type {Record<import("./system.mjs").Operation, string[]>} */
const commands = {
  preview: ["preview"],
  create: ["up", ...unattended],
  "no-op": ["up", ...unattended],
  refresh: ["refresh", ...unattended],
  change: ["up", ...unattended],
  destroy: ["destroy", ...unattended],
};

/**
 * A stack with a program of bench/programs.
 * @param {string} program
 * @returns {import("./system.mjs").SystemOpener}
 */
export const createPulumiProgram = (program) =>
  createStack(({ folder }) => writeNodeProgram(folder, program));

/**
 * Writes a project with a program of bench/programs.
 * @param {string} folder
 * @param {string} program
 * @param {string} [settings] further settings of the project, as YAML
 * @returns {() => void}
 */
export function writeNodeProgram(folder, program, settings = "") {
  const path = fileURLToPath(new URL(`../programs/${program}.cjs`, import.meta.url));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: ${project}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n${settings}`,
  );
  writeFileSync(join(folder, "package.json"), '{ "name": "bench", "main": "index.js" }\n');
  writeFileSync(join(folder, "index.js"), `require(${JSON.stringify(path)});\n`);
  return () => undefined;
}

/**
 * A stack with a local file backend. Each operation is one run of the CLI without the preview of `up`, to
 * compare it with one run of another tool.
 * @param {(place: { folder: string, env: Record<string, string> }) =>
 *   ((types: string) => void) | Promise<(types: string) => void>} writeProgram
 *   writes the program. It returns a function that is called before each operation
 * @param {string[]} [preparation] arguments of a run of the CLI that is not measured
 * @returns {import("./system.mjs").SystemOpener}
 */
export const createStack =
  (writeProgram, preparation) =>
  async ({ folder, binDir, hostsDir, env, timeoutMs }) => {
    const backend = join(folder, "backend");
    mkdirSync(backend, { recursive: true });
    const update = await writeProgram({ folder, env });
    const common = { home: join(folder, "home"), backendDir: backend, binDir, hostsDir };
    const options = { cwd: folder, env: createIsolatedEnv({ ...common, extra: env }) };
    runCommand("pulumi", ["stack", "init", "dev"], options);
    if (preparation) runCommand("pulumi", preparation, options);
    return {
      run: (operation, types) => {
        update(types);
        return measureCommand("pulumi", [...commands[operation], "--stack=dev", "--non-interactive"], {
          cwd: folder,
          env: createIsolatedEnv({ ...common, extra: { ...env, BENCH_TYPES: types } }),
          timeoutMs,
        });
      },
      stateBytes: () => statSync(join(backend, ".pulumi", "stacks", project, "dev.json")).size,
    };
  };
