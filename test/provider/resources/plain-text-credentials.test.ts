import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useBundled } from "../../bundled.js";

/** Runs in another process, because the SDK reads the environment of a run only once. */
const GUARD = useBundled("provider/src/resources/program-guard.ts");
const ORGANIZATIONS = "datadog-org-connections:organizations";
const MASKED = JSON.stringify({ payments: { apiKey: "x", appKey: "a-key-to-keep-secret" } });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "plain-text-credentials-"));
  mkdirSync(path.join(folder, "project/program"), { recursive: true });
  mkdirSync(path.join(folder, "elsewhere"));
  writeFileSync(path.join(folder, "project/Pulumi.yaml"), "name: acme\nruntime: nodejs\nmain: program\n");
  writeFileSync(
    path.join(folder, "project/Pulumi.dev.yaml"),
    `config:\n  ${ORGANIZATIONS}:\n    payments: { apiKey: { secure: AAAB }, appKey: a-key-to-keep-secret }\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** How a run differs from one of the stack `dev` in the project `acme`. */
interface Run {
  /** The project's directory from the language host. */
  root?: string;
  stack?: string;
  project?: string;
  /** The engine marks nothing as secret. */
  plain?: true;
}

/** Runs the guard like a program that declares a resource. Returns the error message, or an empty string. */
function runGuard(cwd: string, run: Run): string {
  const code = `
    const { requireValidConfiguration } = require(${JSON.stringify(GUARD)});
    try { requireValidConfiguration(); requireValidConfiguration(); } catch (error) { process.stdout.write(error.message); }`;
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
  `Pulumi.dev.yaml contains \`${ORGANIZATIONS}.payments.appKey\` in plain text, although another value in \`${ORGANIZATIONS}\` is secret. Set it again with ` +
  `\`pulumi config set --secret --path '${ORGANIZATIONS}.payments.appKey'\`. [credential-in-plain-text]`;

test.each<[string, string, Run]>([
  ["in the directory from the language host", "elsewhere", { root: "project" }],
  ["above the program, if the language host passes none", "project/program", {}],
])("a plain-text key next to a secret is refused: the file is found %s", (_, cwd, run) => {
  expect(runGuard(cwd, run)).toBe(REFUSAL);
});

test.each<[string, string, Run]>([
  ["without a project file", "elsewhere", {}],
  ["in a directory without one", "project", { root: "elsewhere" }],
  ["with the file of another project", "project", { project: "other" }],
  ["without a stack file", "project", { stack: "prod" }],
])("no error %s", (_, cwd, run) => {
  expect(runGuard(cwd, run)).toBe("");
});

test("plain-text keys without any secret are found without the file", () => {
  const message = runGuard("elsewhere", { plain: true });
  expect(message).toContain(
    `\`${ORGANIZATIONS}.payments.apiKey\`, \`${ORGANIZATIONS}.payments.appKey\` in plain text`,
  );
  expect(message).toContain(
    `Set each of them again with --secret, the first one with \`pulumi config set --secret --path '${ORGANIZATIONS}.payments.apiKey'\`. [credential-in-plain-text]`,
  );
  expect(message).not.toContain("to-keep-secret");
});
