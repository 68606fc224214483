/** Previews of programs that failed before the first resource, which only messages of the severity `info#err` show. */
import { expect, it } from "vitest";
import { parsePreview } from "../../../cli/src/stack/formats.js";
import { formatEvents } from "../changes/steps.js";
import { runCommand } from "../run-command.js";

const STACK = { op: "same", urn: "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev" };
const RESOURCE = { op: "create", urn: "urn:pulumi:dev::acme::other:index:Resource::other" };
const MESSAGE = { severity: "info#err", message: "error: unknown property" };

/** Whether the preview counts as failed, as one object and as events. */
function isFailed(steps: object[], changeSummary?: object): boolean[] {
  const events = [
    ...steps.map((metadata) => ({ resourcePreEvent: { metadata } })),
    { diagnosticEvent: MESSAGE },
  ];
  return [JSON.stringify({ steps, diagnostics: [MESSAGE], changeSummary }), formatEvents(events)].map(
    (text) => parsePreview(text, "preview").diagnostics.some(({ severity }) => severity === "error"),
  );
}

it("a preview failed if its program registered only the stack", () => {
  expect(isFailed([STACK])).toEqual([true, true]);
  expect(isFailed([STACK], { same: 1 })).toEqual([true, true]);
});

it("and not if another resource may have printed the message", () => {
  expect(isFailed([STACK, RESOURCE])).toEqual([false, false]);
  // The digest hides unchanged resources, but counts them.
  expect(isFailed([STACK], { same: 3 })[0]).toBe(false);
});

it.each([
  ["1", 1, "failed"],
  ["0", 0, "none"],
])("--preview-exit-code %s: exit %i", async (exitCode, expected, outcome) => {
  const stdin = JSON.stringify({ steps: [{ ...STACK, op: "create" }] });
  const args = ["review", "--format", "json", "--preview-exit-code", exitCode];
  const { code, stdout } = await runCommand(args, { stdin });
  expect([code, JSON.parse(stdout)]).toMatchObject([expected, { outcome }]);
});

it("--preview-exit-code must be a number", async () => {
  const { code } = await runCommand(["review", "--preview-exit-code", "x"], { stdin: "{}" });
  expect(code).toBe(2);
});
