import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { usePage } from "../pages/page.js";
import { ROOT } from "../tree.js";

/** Complete runs, as a user starts them: the commands of docs/guides/test-live.md. */

const { takeBlocks } = usePage("docs/guides/test-live.md", "Against the sandbox");
const [complete = "", deviating = ""] = takeBlocks("Against the sandbox", "sh");

/** Runs a command in the repository. */
function runShell(command: string): Promise<{ code: number | null; output: string }> {
  const child = spawn("bash", ["-c", command], { cwd: ROOT });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

describe("npm run test:live", () => {
  test("confirms all assumptions of the sandbox, and passes all journeys", async () => {
    const { code, output } = await runShell(complete);
    expect(output).toMatch(/client +passed\ndoctor +passed\ndynamic +passed\nplugin +passed\n/);
    expect(output).toMatch(/\d+ confirmed, 0 refuted, 0 not seen\.\nPassed\.\n/);
    expect(code).toBe(0);
  }, 400_000);

  test("names the assumption that a sandbox inverts, and the journey that fails because of it", async () => {
    const { code, output } = await runShell(deviating);
    expect(output).toContain("\nRefuted: create-status.\n");
    expect(output).toMatch(/client +failed .*, perhaps because of create-status/);
    expect(output).not.toContain("did not leave");
    expect(code).toBe(1);
  });
});
