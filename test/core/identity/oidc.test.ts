import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectNoTrace } from "../api/harness.js";
import { AUDIENCE, catchProblem, createToken, obtain } from "./harness.js";

const TOKEN = createToken();
const OTHER = createToken({ aud: "datadog/another" });
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "oidc-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file and returns its path. */
function writeFile(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** A command that runs JavaScript. */
const runScript = (script: string): string => JSON.stringify([process.execPath, "-e", script]);

describe("the token comes from", () => {
  test("the variable of the organization, with the prefix of an issuer that Datadog does not know", async () => {
    expect(await obtain({ type: "oidc" }, { DD_OIDC_TOKEN__PAYMENTS: TOKEN })).toBe(`oidc-${TOKEN}`);
  });

  test("the variable for all organizations, if it has another audience that is not Datadog's", async () => {
    const token = createToken({ aud: ["sts.amazonaws.com", AUDIENCE] });
    expect(await obtain({ type: "oidc" }, { DD_OIDC_TOKEN: token })).toBe(`oidc-${token}`);
  });

  test("a file, with a line break at its end", async () => {
    const file = writeFile("token", `${TOKEN}\n`);
    expect(await obtain({ type: "oidc" }, { DD_OIDC_TOKEN_FILE__PAYMENTS: file })).toBe(`oidc-${TOKEN}`);
    expect(await obtain({ type: "oidc" }, { DD_OIDC_TOKEN_FILE: file })).toBe(`oidc-${TOKEN}`);
  });

  test("the file or the variable in the settings, and from nowhere else", async () => {
    const file = writeFile("configured", TOKEN);
    const env = { DD_OIDC_TOKEN__PAYMENTS: OTHER, CI_TOKEN: TOKEN };
    expect(await obtain({ type: "oidc", tokenFile: file }, env)).toBe(`oidc-${TOKEN}`);
    expect(await obtain({ type: "oidc", tokenVariable: "CI_TOKEN" }, env)).toBe(`oidc-${TOKEN}`);
    const error = await catchProblem({ type: "oidc", tokenVariable: "NOT_SET" }, { DD_OIDC_TOKEN: TOKEN });
    expect(error).toMatchObject({ code: "identity-missing" });
    expect(error.message).toContain("NOT_SET");
  });

  test("a command that gets the audience", async () => {
    const program = writeFile(
      "print-token",
      `#!/bin/sh\n[ "$DD_OIDC_AUDIENCE" = "${AUDIENCE}" ] && echo "${TOKEN}"\n`,
    );
    chmodSync(program, 0o755);
    expect(await obtain({ type: "oidc" }, { DD_OIDC_TOKEN_COMMAND: program })).toBe(`oidc-${TOKEN}`);
  });

  test("a command with arguments, which no shell changes", async () => {
    const command = JSON.stringify([
      process.execPath,
      "-e",
      "console.log(process.argv[1])",
      TOKEN,
      "$(exit 1)",
    ]);
    expect(await obtain({ type: "oidc" }, { DD_OIDC_TOKEN_COMMAND__PAYMENTS: command })).toBe(
      `oidc-${TOKEN}`,
    );
  });

  test("the variables of the organization before those for all", async () => {
    const file = writeFile("own", TOKEN);
    const env = { DD_OIDC_TOKEN_FILE__PAYMENTS: file, DD_OIDC_TOKEN: OTHER };
    expect(await obtain({ type: "oidc" }, env)).toBe(`oidc-${TOKEN}`);
  });

  test("no blank variable", async () => {
    const env = { DD_OIDC_TOKEN__PAYMENTS: " ", DD_OIDC_TOKEN: TOKEN };
    expect(await obtain({ type: "oidc" }, env)).toBe(`oidc-${TOKEN}`);
  });
});

describe("without a usable token, the error says what to do", () => {
  test("if nothing is set: all variables, and the audience", async () => {
    const error = await catchProblem({ type: "oidc" });
    expect(error.code).toBe("identity-missing");
    for (const text of [
      "DD_OIDC_TOKEN__PAYMENTS",
      "DD_OIDC_TOKEN_FILE__PAYMENTS",
      "DD_OIDC_TOKEN_COMMAND__PAYMENTS",
      AUDIENCE,
    ])
      expect(error.advice).toContain(text);
  });

  test("if a file is missing, or is a folder", async () => {
    const missing = await catchProblem(
      { type: "oidc" },
      { DD_OIDC_TOKEN_FILE: path.join(folder, "no-such") },
    );
    expect(missing).toMatchObject({ code: "identity-missing" });
    expect(missing.happened).toContain("no-such (DD_OIDC_TOKEN_FILE) does not exist");
    const error = await catchProblem({ type: "oidc", tokenFile: folder });
    expect(error.happened).toContain("is not a file");
  });

  test.each([
    ["another secret", "canary-secret-in-a-file"],
    ["a large file", "canary-secret-in-a-file".repeat(10_000)],
    ["a token with text after it", `${TOKEN} canary-secret-in-a-file`],
  ])("if a file contains %s: it is not quoted", async (_, text) => {
    const error = await catchProblem({ type: "oidc", tokenFile: writeFile("other", text) });
    expect(error.code).toBe("identity-invalid");
    expectNoTrace(error, ["canary-secret", TOKEN]);
  });

  test("if the audience is wrong: the right one, and where GitLab sets it", async () => {
    const error = await catchProblem({ type: "oidc" }, { DD_OIDC_TOKEN: OTHER });
    expect(error.code).toBe("identity-invalid");
    expect(error.happened).toContain('"datadog/another"');
    expect(error.advice).toContain(`"${AUDIENCE}"`);
    expect(error.advice).toContain("id_tokens");
    expectNoTrace(error, [OTHER, "signature-canary", "c2lnbmF0dXJlLWNhbmFyeQ"]);
  });

  test("if a command fails: its output is not shown", async () => {
    const command = runScript(
      `console.log("canary-secret"); console.error("canary-secret"); process.exit(3)`,
    );
    const error = await catchProblem({ type: "oidc" }, { DD_OIDC_TOKEN_COMMAND: command });
    expect(error.code).toBe("identity-missing");
    expect(error.happened).toContain("the command in DD_OIDC_TOKEN_COMMAND exited with code 3");
    expectNoTrace(error, ["canary-secret"]);
  });

  test("if a command does not exist, or prints too much", async () => {
    const missing = await catchProblem(
      { type: "oidc" },
      { DD_OIDC_TOKEN_COMMAND: "no-such-program --token" },
    );
    expect(missing.happened).toContain("does not exist");
    expect(missing.advice).toContain("JSON array");
    const command = runScript(`process.stdout.write("x".repeat(1_000_000))`);
    const large = await catchProblem({ type: "oidc" }, { DD_OIDC_TOKEN_COMMAND: command });
    expect(large.happened).toContain("printed too much");
  });

  test("if a command is ended by a signal", async () => {
    const command = runScript(`process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 20_000)`);
    const error = await catchProblem({ type: "oidc" }, { DD_OIDC_TOKEN_COMMAND: command });
    expect(error.happened).toContain("the command in DD_OIDC_TOKEN_COMMAND was terminated by SIGKILL");
  });

  test("if Node.js throws instead of starting a command", async () => {
    const command = path.join(writeFile("not-a-folder", ""), "program");
    const error = await catchProblem({ type: "oidc" }, { DD_OIDC_TOKEN_COMMAND: command });
    expect(error.code).toBe("identity-missing");
    expect(error.happened).toContain("did not run (ENOTDIR)");
  });

  test("if a command does not end", async () => {
    const command = runScript(`setTimeout(() => {}, 20_000)`);
    const error = await catchProblem({ type: "oidc" }, { DD_OIDC_TOKEN_COMMAND: command }, 300);
    expect(error.code).toBe("issuer-unreachable");
  });

  test.each(["[]", "[1]", '[""]', '["a\\u0000b"]', "[broken"])("if the command is %s", async (command) => {
    const env = { DD_OIDC_TOKEN_COMMAND: command };
    const error = await catchProblem({ type: "oidc" }, env);
    expect(error.code).toBe("invalid-configuration");
  });
});
