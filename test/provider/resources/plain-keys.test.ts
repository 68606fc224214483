import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useBundled } from "../../bundled.js";

/** In a process of its own: the SDK reads what a run is from the environment, once. */
const GUARD = useBundled("provider/src/resources/program-guard.ts");
const ORGANIZATIONS = "datadog-org-connections:organizations";
const MASKED = JSON.stringify({ payments: { apiKey: "x", appKey: "a-key-nobody-may-see" } });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "plain-keys-"));
  mkdirSync(path.join(folder, "project/program"), { recursive: true });
  mkdirSync(path.join(folder, "elsewhere"));
  writeFileSync(path.join(folder, "project/Pulumi.yaml"), "name: acme\nruntime: nodejs\nmain: program\n");
  writeFileSync(
    path.join(folder, "project/Pulumi.dev.yaml"),
    `config:\n  ${ORGANIZATIONS}:\n    payments: { apiKey: { secure: AAAB }, appKey: a-key-nobody-may-see }\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** How a run differs from one of stack dev of project acme. */
interface Run {
  /** The project's folder, as the language host names it. */
  root?: string;
  stack?: string;
  project?: string;
  /** The engine calls nothing a secret. */
  plain?: true;
  /** The SDK comes without its YAML library. */
  withoutYaml?: true;
}

const HIDE_YAML = `
    const Module = require("node:module");
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (name, ...rest) => resolve(name === "js-yaml" ? "no-such-package" : name, ...rest);`;

/** What a program says that declares a resource: the message of the refusal, or nothing. */
function guard(cwd: string, run: Run): string {
  const code = `${run.withoutYaml ? HIDE_YAML : ""}
    const { refusePlainKeys } = require(${JSON.stringify(GUARD)});
    try { refusePlainKeys(); refusePlainKeys(); } catch (error) { process.stdout.write(error.message); }`;
  const env = {
    PULUMI_NODEJS_PROJECT: run.project ?? "acme",
    PULUMI_NODEJS_STACK: run.stack ?? "dev",
    ...(run.root !== undefined && { PULUMI_NODEJS_ROOT_DIRECTORY: path.join(folder, run.root) }),
    PULUMI_CONFIG: JSON.stringify({ [ORGANIZATIONS]: MASKED }),
    PULUMI_CONFIG_SECRET_KEYS: run.plain ? "[]" : JSON.stringify([ORGANIZATIONS]),
  };
  return execFileSync(process.execPath, ["-e", code], { cwd: path.join(folder, cwd), env, encoding: "utf8" });
}

const REFUSAL =
  `Pulumi.dev.yaml holds \`${ORGANIZATIONS}.payments.appKey\` in plain text, beside a secret. Set it again with --secret: ` +
  `pulumi config set --secret --path '${ORGANIZATIONS}.payments.appKey' [key-in-plain-text]`;

test.each<[string, string, Run]>([
  ["in the folder that the language host names", "elsewhere", { root: "project" }],
  ["above the program, where it names none", "project/program", {}],
])("a plain key beside a secret is refused: the file is found %s", (_, cwd, run) => {
  expect(guard(cwd, run)).toBe(REFUSAL);
});

test.each<[string, string, Run]>([
  ["without a project file", "elsewhere", {}],
  ["in a folder without one", "project", { root: "elsewhere" }],
  ["with the file of another project", "project", { project: "other" }],
  ["without a file of the stack", "project", { stack: "prod" }],
  ["without a library that reads the file", "project", { withoutYaml: true }],
])("nothing is said %s", (_, cwd, run) => {
  expect(guard(cwd, run)).toBe("");
});

test("keys that are no secret at all need no file", () => {
  const message = guard("elsewhere", { plain: true });
  expect(message).toContain(
    `\`${ORGANIZATIONS}.payments.apiKey\`, \`${ORGANIZATIONS}.payments.appKey\` in plain text`,
  );
  expect(message).toContain(
    `--path '${ORGANIZATIONS}.payments.apiKey', and likewise the others [key-in-plain-text]`,
  );
  expect(message).not.toContain("nobody-may-see");
});
