import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { useFolder } from "../../folder.js";
import { runCommand } from "../../run-command.js";

const folder = useFolder();
folder.write("wrong.json", { alow: [] });
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
  it.each([
    [
      [],
      "Updating (dev)\n",
      "Standard input is not the output of `pulumi preview --json`. Line 1 is not JSON",
    ],
    [[], `\n{"sequence":1}\n\nUpdating (dev)\n`, "`pulumi preview --json`. Line 4 is not JSON"],
    [[], `{"version":3,"deployment":{}}`, "Standard input is not the output of `pulumi preview --json`"],
    [[], `{"steps":[{"op":3}]}`, "`steps.0.op` is missing or invalid"],
    [["--policy", "wrong.json"], PREVIEW, "wrong.json is not a policy: `alow` is unknown"],
    [["--state", "wrong.json"], PREVIEW, "wrong.json is not a state. Pass the complete output of"],
  ])("%j with %j fails, exit 1: %s", async (args, stdin, message) => {
    const { code, stdout, stderr } = await runCommand(["review", ...args], { cwd: folder.path, stdin });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    [["--state", "a", "--stack", "b"], "Use only one of them"],
    [["--polcy", "x"], "--polcy"],
    [["--json"], "Use --format json."],
    [["--policy", "a", "--policy", "b"], "Pass this option only once"],
    [["--stack", "a", "--stack", "b"], "Pass this option only once"],
  ])("%j is invalid usage: exit 2", async (args, message) => {
    const { code, stdout, stderr } = await runCommand(["review", ...args], { stdin: PREVIEW });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it("writes text in a terminal, wrapped and with styles, and Markdown elsewhere", async () => {
    const review = async (args: string[], columns?: number) =>
      (await runCommand(["review", ...args], { stdin: PREVIEW, cwd: folder.path, columns, isColored: true }))
        .stdout;
    const text = await review([], 60);
    expect(text).toContain("\u001b[1mWhat stops being shared\u001b[");
    const widths = stripVTControlCharacters(text)
      .split("\n")
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(60);
    expect(await review([])).toContain("### What stops being shared");
    await review(["--output", "review.md"], 60);
    expect(readFileSync(path.join(folder.path, "review.md"), "utf8")).toBe(await review([]));
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

  it("with --lookup, a source without credentials is a note, not a failure", async () => {
    const { code, stdout } = await runCommand(["review", "--lookup"], { stdin: PREVIEW, env: {} });
    expect(code).toBe(7);
    expect(stdout).toContain(
      "The lookup failed for the default organization: No credentials are set for the default organization.",
    );
  });
});
