import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { getProgramSession } from "../../../provider/src/functions/program-call.js";

const startRun = () =>
  setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "acme", "dev");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "program-session-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("the functions of a run share a session, and another run of the same process has its own", async () => {
  vi.stubEnv("DD_API_KEY", "0".repeat(32));
  vi.stubEnv("DD_APP_KEY", "0".repeat(40));
  await startRun();
  const session = getProgramSession(undefined);
  expect(getProgramSession(undefined)).toBe(session);
  await startRun();
  expect(getProgramSession(undefined)).not.toBe(session);
});

test("a command that prints a token gets the environment, but not the decrypted configuration", async () => {
  const printed = path.join(folder, "environment");
  const command = path.join(folder, "command");
  writeFileSync(command, `#!/bin/sh\nenv > "${printed}"\nexit 1\n`);
  chmodSync(command, 0o755);
  vi.stubEnv("PULUMI_CONFIG", JSON.stringify({ "acme:password": "canary" }));
  vi.stubEnv("DD_CLOUD_PROVIDER_TYPE", "oidc");
  vi.stubEnv("DD_ORG_UUID", "00000000-0000-4000-8000-000000000001");
  vi.stubEnv("DD_OIDC_TOKEN_COMMAND", command);
  vi.stubEnv("OTHER_VARIABLE", "kept");
  await startRun();
  await expect(getProgramSession(undefined).getListing()).rejects.toMatchObject({ code: "identity-missing" });
  expect(readFileSync(printed, "utf8")).toContain("OTHER_VARIABLE=kept");
  expect(readFileSync(printed, "utf8")).not.toContain("canary");
});
