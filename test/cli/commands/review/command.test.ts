import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isHttp, listLoadedFiles } from "../../loaded-files.js";
import { runCommand } from "../../run-command.js";

let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "review-"));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const writeInput = (name: string, content: string | Uint8Array) =>
  writeFileSync(path.join(cwd, name), content);
const sinkOrgId = "aaaaaaaa-0001-4000-8000-000000000001";
/** A minimal output of `pulumi preview --json`. */
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
  it("--help shows exit codes and examples", async () => {
    const { code, stdout } = await runCommand(["review", "--help"]);
    expect(code).toBe(0);
    for (const text of [
      "4  data stops",
      "5  a policy rule",
      "7  the preview does not show",
      "export PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true",
      "--lookup",
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it("reads standard input, -, a file, UTF-16, and a byte order mark", async () => {
    writeInput("preview.json", PREVIEW);
    writeInput("utf16.json", Buffer.from(`\uFEFF${PREVIEW}`, "utf16le"));
    writeInput("bom.json", `\uFEFF${PREVIEW}`);
    const expected = await runCommand(["review"], { stdin: PREVIEW });
    expect([expected.code, expected.stderr]).toEqual([7, ""]);
    expect(expected.stdout).toContain(
      `**the default organization → \`${sinkOrgId}\`** starts sharing \`logs\``,
    );
    for (const file of ["-", "preview.json", "utf16.json", "bom.json"]) {
      expect(await runCommand(["review", file], { cwd, stdin: PREVIEW }), file).toEqual(expected);
    }
  });

  it.each([
    [[], "", "Standard input is empty"],
    [
      [],
      "Updating (dev)\n",
      "Standard input is not the output of `pulumi preview --json`. Line 1 is not JSON",
    ],
    [
      [],
      PREVIEW.slice(0, -10),
      "Standard input is not the output of `pulumi preview --json`. Line 1 is not JSON",
    ],
    [
      [],
      `\n{"sequence":1}\n\nUpdating (dev)\n`,
      "Standard input is not the output of `pulumi preview --json`. Line 4 is not JSON",
    ],
    [[], `{"version":3,"deployment":{}}`, "Standard input is not the output of `pulumi preview --json`"],
    [[], `{"steps":[{"op":3}]}`, "`steps.0.op` is missing or invalid"],
    [["nowhere.json"], "", "nowhere.json could not be read: the file does not exist"],
    [["."], "", ". could not be read: it is a folder"],
    [["--state", "nowhere.json"], PREVIEW, "nowhere.json could not be read"],
    [["--policy", "wrong.json"], PREVIEW, "wrong.json is not a policy: `alow` is unknown"],
    [["--state", "wrong.json"], PREVIEW, "wrong.json is not a state. Pass the complete output of"],
  ])("%j with %j fails, exit 1: %s", async (args, stdin, message) => {
    writeInput("wrong.json", `{"alow":[]}`);
    const { code, stdout, stderr } = await runCommand(["review", ...args], { cwd, stdin });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    [["--state", "a", "--stack", "b"], "Use only one of them"],
    [["--polcy", "x"], "--polcy"],
    [["--policy", "a", "--policy", "b"], "Pass this option only once"],
    [["--stack", "a", "--stack", "b"], "Pass this option only once"],
    [["-", "-"], "Standard input (-) is given more than once"],
  ])("%j is invalid usage: exit 2", async (args, message) => {
    const { code, stdout, stderr } = await runCommand(["review", ...args], { cwd, stdin: PREVIEW });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it("--format json has the documented shape", async () => {
    const { code, stdout } = await runCommand(["review", "--format", "json"], { stdin: PREVIEW });
    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      inputs: [{ kind: "preview", location: "acme/dev" }],
      project: "acme",
      stack: "dev",
      outcome: "incomplete",
      summary: {
        delete: 0,
        replace: 0,
        drift: 0,
        update: 0,
        create: 1,
        adopt: 0,
        release: 0,
        "state-only": 0,
        unchanged: 0,
      },
      complete: false,
      unreadable: [],
      changes: [
        {
          kind: "create",
          tool: "datadog-org-connections",
          location: "acme/dev",
          address: "urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::hub",
          resource: "hub",
          form: "single",
          protect: false,
          adopt: false,
          after: { source: { isDefault: true }, sink: { id: sinkOrgId }, connectionTypes: ["logs"] },
          addedTypes: ["logs"],
          removedTypes: [],
          stateChanges: [],
          sentence: `the default organization → ${sinkOrgId} starts sharing logs — resource hub.`,
        },
      ],
      breaks: [],
      warnings: [],
      violations: [],
      unknowns: [
        {
          what: "leftovers",
          location: "acme/dev",
          sentence: "acme/dev: whether an interrupted replacement left a connection that pulumi up deletes.",
        },
      ],
      errors: [],
      notes: [],
    });
  });

  it("without --lookup no HTTP client is loaded; with --lookup a source without credentials is a note, not a failure", async () => {
    writeInput("preview.json", PREVIEW);
    const { code, files } = listLoadedFiles(["review", "preview.json"], { cwd });
    expect(code).toBe(7);
    expect(files.some((file) => file.endsWith("cli/dist/review.js"))).toBe(true);
    expect(files.filter(isHttp)).toEqual([]);
    const lookup = await runCommand(["review", "--lookup"], { stdin: PREVIEW, env: {} });
    expect(lookup.code).toBe(7);
    expect(lookup.stdout).toContain(
      "The lookup failed for the default organization: No credentials are set for the default organization.",
    );
  });
});
