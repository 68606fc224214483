/** The programs of the guide run with the generated SDKs, the language hosts and the plugin. */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../../../tools/run-command.mjs";
import { ROOT } from "../../tree.js";
import { usePage } from "../page.js";
import type { Shell } from "../shell.js";
import { useExample } from "./example.js";

const page = usePage("docs/guides/other-languages.md");
const KEYS = page.takeBlock("Before you start", "sh");

/** What `npm run test:slow` sets up: the folder of the SDKs, the one of the language hosts, and Python. */
const sdks = process.env["PULUMI_TEST_SDKS"] ?? "";
const hosts = process.env["PULUMI_TEST_HOSTS"] ?? "";
const python = process.env["PULUMI_TEST_PYTHON"] ?? "";

const DECLARED = ["checkout → observability: logs", "payments → observability: logs, metrics"];

/** Installs what a program needs into its folder, without a download, and returns variables for the CLI. */
const languages: Record<string, (folder: string) => Promise<Record<string, string>>> = {
  typescript: async (folder) => {
    symlinkSync(
      path.join(sdks, "nodejs"),
      path.join(folder, "node_modules/pulumi-datadog-org-connections-sdk"),
    );
    const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
    await runCommand(process.execPath, [tsc, "-p", folder]);
    return {};
  },
  python: async (folder) => {
    // An installation writes into the folder of the sources.
    cpSync(path.join(sdks, "python"), path.join(folder, "sdk"), { recursive: true });
    const packages = path.join(folder, "packages");
    const options = ["--no-index", "--no-deps", "--no-build-isolation", "--target", packages];
    await runCommand(python, ["-m", "pip", "install", ...options, path.join(folder, "sdk")]);
    return { PULUMI_PYTHON_CMD: python, PYTHONPATH: packages };
  },
  go: async (folder) => {
    // Of `go mod tidy`, with the path of the SDK.
    const text = readFileSync(path.join(ROOT, "tools/languages/go-module/go.mod"), "utf8");
    const [, replace = ""] =
      /^replace (\S+) =>/m.exec(readFileSync(path.join(folder, "go.mod"), "utf8")) ?? [];
    writeFileSync(path.join(folder, "go.mod"), `${text}\nreplace ${replace} => ${path.join(sdks, "go")}\n`);
    cpSync(path.join(ROOT, "tools/languages/go-module/go.sum"), path.join(folder, "go.sum"));
    // The home of the shell is empty: without these folders, Go would download and compile Pulumi again.
    const folders = await runCommand("go", ["env", "-json", "GOCACHE", "GOMODCACHE", "GOPROXY"]);
    return { ...(JSON.parse(folders) as Record<string, string>), GOWORK: "off" };
  },
};

/** Makes the program use the plugin of the repository, as a user does for the folder of an installed one. */
function usePlugin({ project }: Shell): void {
  const text = project.readFile("Pulumi.yaml");
  expect(text).toContain("path: ../../../plugin\n");
  project.writeFile("Pulumi.yaml", text.replace("../../../plugin", path.join(ROOT, "plugin")));
}

describe.each(Object.entries(languages))("the program in %s", (language, install) => {
  const example = useExample(`examples/other-languages/${language}`);

  test("creates a connection to an organization that it finds by name, and a set; then nothing is left to do", async () => {
    const shell = await example.startShell(KEYS, { PATH: [hosts, process.env["PATH"]].join(path.delimiter) });
    usePlugin(shell);
    for (const [name, value] of Object.entries(await install(shell.project.folder)))
      await shell.run(`export ${name}='${value}'`);
    await shell.run("pulumi stack init dev\npulumi up --skip-preview");
    expect(example.listLive()).toEqual(DECLARED);
    await shell.run("pulumi preview --expect-no-changes");
    await shell.run("pulumi destroy");
    expect(example.listLive()).toEqual([]);
  }, 600_000);
});
