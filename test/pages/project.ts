/** A project in a folder of its own, outside of the repository, with the packages of the repository as npm installs them. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
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
  "pulumi-resource-datadog-org-connections": "plugin",
};

/** A temporary project, or a temporary clone of the repository. */
export interface Project {
  /** The folder of the user's files. */
  readonly folder: string;
  /** A folder beside it, for what is not the user's: the backend, and the home of the Pulumi CLI. */
  readonly outside: string;
  /** The folders of the commands on PATH. */
  readonly binDirs: readonly string[];
  readFile: (name: string) => string;
  writeFile: (name: string, text: string) => void;
  /** Adds a command that runs a script of the repository with Node. */
  addCommand: (name: string, script: string) => void;
  dispose: () => void;
}

function createFolders(binDirs: (folder: string) => string[]): Project {
  const root = mkdtempSync(path.join(tmpdir(), "page-"));
  const folder = path.join(root, "project");
  const outside = path.join(root, "outside");
  for (const one of [folder, path.join(outside, "backend")]) mkdirSync(one, { recursive: true });
  const writeFile = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  return {
    folder,
    outside,
    binDirs: binDirs(folder),
    readFile: (name) => readFileSync(path.join(folder, name), "utf8"),
    writeFile,
    addCommand: (name, script) => {
      const command = `node_modules/.bin/${name}`;
      writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${path.join(ROOT, script)}" "$@"\n`);
      chmodSync(path.join(folder, command), 0o755);
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Creates a project with these files, with the packages, their command line and the Pulumi CLI. */
export function createProject(files: Record<string, string> = {}): Project {
  const project = createFolders((folder) => [
    path.join(folder, "node_modules/.bin"),
    process.env["PULUMI_TEST_BIN"] ?? "",
  ]);
  for (const [name, at] of Object.entries(PACKAGES)) {
    const link = path.join(project.folder, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(ROOT, at), link);
  }
  project.addCommand("datadog-org-connections", "cli/dist/main.js");
  for (const [name, text] of Object.entries(files)) project.writeFile(name, text);
  return project;
}

/**
 * Creates what a new user has after `git clone` and `npm run setup`: the files of the repository, of which the examples are
 * copies, and no command on PATH. The rest are links, so that nothing is installed or built a second time.
 */
export function createClone(): Project {
  const project = createFolders(() => []);
  for (const name of readdirSync(ROOT)) {
    if (name === "examples" || name.startsWith(".")) continue;
    symlinkSync(path.join(ROOT, name), path.join(project.folder, name));
  }
  const isSource = (file: string) => !/node_modules|Pulumi\.dev\.yaml/.test(path.relative(ROOT, file));
  const examples = path.join(project.folder, "examples");
  cpSync(path.join(ROOT, "examples"), examples, { recursive: true, filter: isSource });
  return project;
}
