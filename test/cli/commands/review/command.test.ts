import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isHttp, loadedBy } from "../../loaded-files.js";
import { runCommand } from "../../run-command.js";

let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "review-"));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const write = (name: string, content: string | Uint8Array) => writeFileSync(path.join(cwd, name), content);
const sinkOrgId = "aaaaaaaa-0001-4000-8000-000000000001";
/** The form of `pulumi preview --json`, as short as can be. */
const PREVIEW = JSON.stringify({
  steps: [
    {
      op: "create",
      urn: "urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::hub",
      newState: {
        type: "pulumi-nodejs:dynamic/datadog:OrgConnection",
        inputs: { sinkOrgId, connectionTypes: ["logs"] },
      },
      somethingNew: true,
    },
  ],
  changeSummary: { create: 1 },
});

describe("review", () => {
  it("--help tells exit codes and examples", async () => {
    const { code, stdout } = await runCommand(["review", "--help"]);
    expect(code).toBe(0);
    for (const text of [
      "4 sharing stops",
      "5 a rule",
      "pulumi preview --json | datadog-org-connections review",
      "--lookup",
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it("reads standard input, -, a file, UTF-16 and a byte order mark alike", async () => {
    write("preview.json", PREVIEW);
    write("utf16.json", Buffer.from(`\uFEFF${PREVIEW}`, "utf16le"));
    write("bom.json", `\uFEFF${PREVIEW}`);
    const wanted = await runCommand(["review"], { stdin: PREVIEW });
    expect([wanted.code, wanted.stderr]).toEqual([3, ""]);
    expect(wanted.stdout).toContain(
      `**the default organization → \`${sinkOrgId}\`** begins to share \`logs\``,
    );
    for (const file of ["-", "preview.json", "utf16.json", "bom.json"]) {
      expect(await runCommand(["review", file], { cwd, stdin: PREVIEW }), file).toEqual(wanted);
    }
  });

  it.each([
    [[], "", "Standard input is empty"],
    [[], "Updating (dev)\n", "Standard input is no preview. Line 1 is no JSON"],
    [[], PREVIEW.slice(0, -10), "Standard input is no preview. Line 1 is no JSON"],
    [[], `{"version":3,"deployment":{}}`, "Standard input is no preview"],
    [[], `{"steps":[{"op":3}]}`, "see `steps.0.op`"],
    [["nowhere.json"], "", "nowhere.json could not be read: there is no such file"],
    [["."], "", ". could not be read: it is a folder"],
    [["--state", "nowhere.json"], PREVIEW, "nowhere.json could not be read"],
    [["--policy", "wrong.json"], PREVIEW, "wrong.json is no policy: `alow` is not known here"],
    [["--state", "wrong.json"], PREVIEW, "wrong.json is no state of a stack"],
  ])("%j with %j fails, exit 1: %s", async (args, stdin, message) => {
    write("wrong.json", `{"alow":[]}`);
    const { code, stdout, stderr } = await runCommand(["review", ...args], { cwd, stdin });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    [["--state", "a", "--stack", "b"], "leave one of them out"],
    [["--polcy", "x"], "--polcy"],
    [["one.json", "two.json"], "too many arguments"],
  ])("%j is called wrongly: exit 2", async (args, message) => {
    const { code, stdout, stderr } = await runCommand(["review", ...args], { cwd, stdin: PREVIEW });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it("--json has the promised shape", async () => {
    const { code, stdout } = await runCommand(["review", "--json"], { stdin: PREVIEW });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      project: "acme",
      stack: "dev",
      outcome: "changes",
      summary: {
        delete: 0,
        replace: 0,
        drift: 0,
        update: 0,
        create: 1,
        adopt: 0,
        release: 0,
        record: 0,
        unchanged: 0,
      },
      isWhole: false,
      unreadable: [],
      changes: [
        {
          kind: "create",
          urn: "urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::hub",
          resource: "hub",
          form: "single",
          protect: false,
          adopt: false,
          after: { source: { isDefault: true }, sink: { id: sinkOrgId }, connectionTypes: ["logs"] },
          gained: ["logs"],
          lost: [],
          recorded: [],
          sentence: `the default organization → ${sinkOrgId} begins to share logs — resource hub.`,
        },
      ],
      breaks: [],
      warnings: [],
      violations: [],
      errors: [],
      notes: [],
    });
  });

  it("without --lookup no HTTP client is loaded; with it a source without keys is a note, not a failure", async () => {
    write("preview.json", PREVIEW);
    const { code, files } = loadedBy(["review", "preview.json"], { cwd });
    expect(code).toBe(3);
    expect(files.some((file) => file.endsWith("cli/dist/review.js"))).toBe(true);
    expect(files.filter(isHttp)).toEqual([]);
    const asked = await runCommand(["review", "--lookup"], { stdin: PREVIEW, env: {} });
    expect(asked.code).toBe(3);
    expect(asked.stdout).toContain(
      "Not looked up, the default organization: No keys for the default organization.",
    );
  });
});
