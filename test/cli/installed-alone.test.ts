import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "../tree.js";
import { runBuilt } from "./built-command.js";
import { useFolder } from "./folder.js";

/** The command with only the dependencies in its package.json: no Pulumi program, no SDK. */
const folder = useFolder();
const installed = folder.getPath("node_modules/datadog-org-connections");
const main = path.join(installed, "dist/main.js");

beforeAll(() => {
  const source = path.join(ROOT, "cli");
  cpSync(path.join(source, "dist"), path.join(installed, "dist"), { recursive: true });
  cpSync(path.join(source, "package.json"), path.join(installed, "package.json"));
  const { dependencies } = JSON.parse(readFileSync(path.join(source, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = folder.getPath(`node_modules/${name}`);
    mkdirSync(path.dirname(link), { recursive: true });
    const nested = path.join(source, "node_modules", name);
    symlinkSync(existsSync(nested) ? nested : path.join(ROOT, "node_modules", name), link);
  }
  folder.write("project/Pulumi.yaml", "name: acme\nruntime: yaml\n");
  folder.writePulumi({ config: {}, version: "{}", stack: {}, whoami: {} });
});

const PLAIN = "contains `datadog-org-connections:apiKey` in plain text.";

test.each([
  ["  datadog-org-connections:apiKey: plain\n", PLAIN],
  ["  <<: { datadog-org-connections:apiKey: plain }\n", PLAIN],
  ["  datadog-org-connections:apiKey: { secure: v1:x }\n", "contains no key or token in plain text."],
  ["  [", "cannot be read, so it is unknown whether it contains a key or token in plain text."],
])("doctor reads the stack's file without Pulumi's SDK: %j", async (config, found) => {
  folder.write("project/Pulumi.dev.yaml", `config:\n${config}`);
  const { stdout, stderr } = await runBuilt(["doctor", "--stack", "dev"], {
    cwd: folder.getPath("project"),
    main,
    env: { PATH: `${folder.path}:${process.env["PATH"] ?? ""}` },
  });
  expect(stderr).toBe("");
  expect(stdout).toContain(`Pulumi.dev.yaml ${found}`);
});

test("a command with piped output finds the dependencies of its packages through symbolic links like those of pnpm", async () => {
  const { stdout, stderr } = await runBuilt(["doctor"], {
    cwd: folder.path,
    main,
    env: { DD_API_KEY: "key", DD_APP_KEY: "key", DD_HOST: "http://127.0.0.1:9" },
  });
  expect(stderr).toBe("");
  expect(stdout).toContain("Organization (default) at http://127.0.0.1:9");
});
