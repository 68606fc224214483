import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT } from "../tree.js";

/** The built command. */
export const MAIN = path.join(ROOT, "cli/dist/main.js");

export interface LoadResult {
  code: number | null;
  /** The files that the command had loaded when it exited. */
  files: string[];
}

/** Runs the built command in its own process and lists the files that it loads. */
export function listLoadedFiles(
  args: string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): LoadResult {
  const folder = mkdtempSync(path.join(tmpdir(), "loaded-files-"));
  try {
    const [list, preload] = [path.join(folder, "loaded.json"), path.join(folder, "preload.cjs")];
    const write = `require("fs").writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache)))`;
    writeFileSync(preload, `process.on("exit", () => ${write});\n`);
    const { status } = spawnSync(process.execPath, ["--require", preload, MAIN, ...args], {
      env: { PATH: process.env["PATH"], ...options.env },
      cwd: options.cwd ?? folder,
    });
    return { code: status, files: JSON.parse(readFileSync(list, "utf8")) as string[] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a file belongs to the HTTP client: the library, or our chunks that contain its code. */
export const isHttp = (file: string): boolean =>
  /node_modules\/axios\/|cli\/dist\/(client|http)\.js$/.test(file);
