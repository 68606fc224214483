/** With a hostile stack state, the inventory never ignores what it could not read. */
import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { createSet, createSingle } from "../cli/changes/steps.js";
import { createEnv } from "../cli/live-env.js";
import { runCommand } from "../cli/run-command.js";
import { useSandbox } from "../sandbox/harness.js";
import { expectUnpolluted, createMutations, RUNS, UNPRINTABLE } from "./arbitraries.js";

const sandbox = useSandbox();
const folder = mkdtempSync(path.join(tmpdir(), "states-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Report {
  complete: boolean;
  connections: { id: string; managedBy: unknown[] }[];
  missing: { id: string }[];
  unreadable: unknown[];
  unverified: unknown[];
}

/**
 * The URN and the type identify the resource. A resource that is external or pending deletion manages
 * nothing.
 */
const FIXED = ["urn", "type", "external", "delete"];

test("a hostile state is read, or makes the inventory incomplete", { timeout: 300_000 }, async () => {
  const ids = ["observability", "security", "search"].map((sink) =>
    sandbox().connect({ source: "payments", sink }),
  );
  const [first = "", second = "", third = ""] = ids;
  const one = { ...createSingle("a", "hub", "logs"), id: first };
  const all = createSet({ hub: "logs", search: "audit" });
  const { members, ...outputs } = (all as unknown as { outputs: { members: Record<string, { id: string }> } })
    .outputs;
  const [hub = "", search = ""] = Object.keys(members);
  const many = {
    ...all,
    outputs: { ...outputs, members: { [hub]: { id: second }, [search]: { id: third } } },
  };
  const resource = fc.oneof(
    ...[one, many].map((whole) => {
      const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => !FIXED.includes(key)));
      return createMutations(rest).map((changed) => ({
        ...(typeof changed === "object" && changed !== null && !Array.isArray(changed) ? changed : {}),
        urn: whole.urn,
        type: whole.type,
      }));
    }),
  );
  const file = path.join(folder, "state.json");
  const env = createEnv(sandbox(), ["payments"]);
  await fc.assert(
    fc.asyncProperty(resource, async (changed) => {
      const resources = changed.urn === one.urn ? [changed, many] : [one, changed];
      writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
      const args = ["inventory", "--format", "json", "--state", file, "--fail-on", "unmanaged,missing"];
      const { code, stdout, stderr } = await runCommand(args, { env });
      expect(stdout + stderr).not.toMatch(UNPRINTABLE);
      expectUnpolluted();
      const { complete, connections, missing, unreadable, unverified } = JSON.parse(stdout) as Report;
      expect(connections.map(({ id }) => id).sort()).toEqual([...ids].sort());
      const isAllManaged = connections.every(({ managedBy }) => managedBy.length > 0);
      expect(complete).toBe(unreadable.length + unverified.length === 0);
      expect(code).toBe(!isAllManaged || missing.length > 0 ? 6 : complete ? 0 : 7);
    }),
    RUNS,
  );
});
