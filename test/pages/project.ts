/** A project in a folder of its own, outside of the repository, with the packages of the repository as npm installs them. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT } from "../tree.js";

/** Where the packages of a user's project are in the repository. */
const PACKAGES: Record<string, string> = {
  "@pulumi/pulumi": "node_modules/@pulumi/pulumi",
  "@types/node": "node_modules/@types/node",
  typescript: "node_modules/typescript",
  vitest: "node_modules/vitest",
  "pulumi-datadog-org-connections": "provider",
  "datadog-org-connections": "cli",
  "datadog-org-connections-sandbox": "sandbox",
};

/** A temporary project. */
export interface Project {
  /** The folder of the user's files. */
  readonly folder: string;
  /** A folder beside it, for what is not the user's: the backend, and the home of the Pulumi CLI. */
  readonly outside: string;
  /** The folder of the installed commands. */
  readonly binDir: string;
  readFile: (name: string) => string;
  writeFile: (name: string, text: string) => void;
  /** Creates a command on PATH that runs a script of the repository with Node. */
  addCommand: (name: string, script: string) => void;
  dispose: () => void;
}

/** Creates a project with these files. */
export function createProject(files: Record<string, string> = {}): Project {
  const root = mkdtempSync(path.join(tmpdir(), "page-"));
  const folder = path.join(root, "project");
  const outside = path.join(root, "outside");
  const binDir = path.join(folder, "node_modules/.bin");
  for (const one of [binDir, path.join(outside, "backend")]) mkdirSync(one, { recursive: true });
  for (const [name, at] of Object.entries(PACKAGES)) {
    const link = path.join(folder, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(ROOT, at), link);
  }
  const project: Project = {
    folder,
    outside,
    binDir,
    readFile: (name) => readFileSync(path.join(folder, name), "utf8"),
    writeFile: (name, text) => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    },
    addCommand: (name, script) => {
      const command = path.join(binDir, name);
      writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${path.join(ROOT, script)}" "$@"\n`);
      chmodSync(command, 0o755);
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
  project.addCommand("datadog-org-connections", "cli/dist/main.js");
  for (const [name, text] of Object.entries(files)) project.writeFile(name, text);
  return project;
}
