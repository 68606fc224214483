import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCommand } from "./run-command.js";

const folder = mkdtempSync(path.join(tmpdir(), "configured-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TYPE = "pulumi-nodejs:dynamic/datadog:OrgConnection";
const ALLOWED = "aaaaaaaa-0002-4000-8000-000000000002";
const OTHER = "aaaaaaaa-0009-4000-8000-000000000009";

/** Creates the preview of one new connection. `organizations` is the JSON in the stack's configuration. */
function createPreview(organizations: string, inputs: { source?: string; sinkOrgId: string }): string {
  return JSON.stringify({
    config: { "datadog-org-connections:organizations": organizations },
    steps: [
      {
        op: "create",
        urn: `urn:pulumi:dev::acme::${TYPE}::hub`,
        newState: { type: TYPE, inputs: { ...inputs, connectionTypes: ["logs"] } },
      },
    ],
    changeSummary: { create: 1 },
  });
}

describe("names of organizations in the stack's configuration", () => {
  it.each(["constructor", "__proto__", "prototype", "toString"])(
    "%s is an ordinary name: its configured id is known",
    async (source) => {
      // JSON.stringify({ __proto__: … }) would write nothing.
      const preview = createPreview(`{"${source}":{"id":"${OTHER}"}}`, { source, sinkOrgId: ALLOWED });
      const { code, stdout } = await runCommand(["review", "--format", "json"], { stdin: preview });
      const { changes } = JSON.parse(stdout) as { changes: { after: { source: unknown } }[] };
      expect([code, changes[0]?.after.source]).toEqual([
        7,
        { id: OTHER, alias: source, nameFrom: "configuration" },
      ]);
    },
  );

  it.each([ALLOWED, ALLOWED.toUpperCase(), ` ${ALLOWED}\t`])(
    "%j has the form of a UUID, but does not match the id that a policy allows",
    async (name) => {
      writeFileSync(path.join(folder, "policy.json"), JSON.stringify({ allow: [{ sink: ALLOWED }] }));
      const preview = createPreview(JSON.stringify({ [name]: { id: OTHER } }), { sinkOrgId: OTHER });
      const args = ["review", "--policy", "policy.json"];
      const { code, stdout } = await runCommand(args, { stdin: preview, cwd: folder });
      expect(stdout).not.toContain("No violations");
      expect(code).toBe(5);
    },
  );
});
