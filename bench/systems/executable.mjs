import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createBundle, HOST_TARGET, PROGRAMS, writeArchive } from "../../tools/archives/archive.mjs";
import { root } from "../../tools/bootstrap.mjs";
import { SetupError } from "../../tools/output.mjs";

/** @typedef {{ folder: string, file: string, bytes: number, archiveBytes: number }} Executable an unpacked archive */

/** @type {Map<keyof typeof PROGRAMS, Promise<Executable>>} */
const executables = new Map();

/**
 * Writes and unpacks the archive of a program for this machine, once in each benchmark.
 * @param {keyof typeof PROGRAMS} program
 */
export function unpackExecutable(program) {
  const executable = executables.get(program) ?? createExecutable(program);
  executables.set(program, executable);
  return executable;
}

/** @param {keyof typeof PROGRAMS} program @returns {Promise<Executable>} */
async function createExecutable(program) {
  if (HOST_TARGET === undefined) throw new SetupError("there is no executable for this platform");
  const { extract } = await import("tar");
  const out = join(root, ".local", "bench", "executables", program);
  rmSync(out, { recursive: true, force: true });
  const folder = join(out, "content");
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(out, "work-"));
  const bundle = await createBundle(program);
  const archive = join(out, await writeArchive(bundle, HOST_TARGET, { work, out, dist: undefined }));
  rmSync(work, { recursive: true });
  await extract({ file: archive, cwd: folder });
  const file = join(folder, PROGRAMS[program].name);
  return { folder, file, bytes: statSync(file).size, archiveBytes: statSync(archive).size };
}
