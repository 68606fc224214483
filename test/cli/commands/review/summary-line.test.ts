import { expect, it } from "vitest";
import { changeKinds } from "../../../../cli/src/changes/change.js";
import type { Change } from "../../../../cli/src/changes/facts.js";
import type { Review } from "../../../../cli/src/commands/review/review.js";
import { renderSummaryLine } from "../../../../cli/src/commands/review/summary-line.js";
import type { Violation } from "../../../../cli/src/policy/rules.js";
import { createChange } from "../../changes/create-change.js";
import { runCommand } from "../../run-command.js";
import { createReview } from "./create-review.js";

const repeat = (count: number, change: Change) => Array.from({ length: count }, () => ({ ...change }));
const stop = createChange("delete", { removedTypes: ["logs"] });
const violate = (level: Violation["level"]): Violation => ({
  rule: "allow",
  level,
  at: "allow",
  change: stop,
  sentence: ["no"],
});
const adoptAny = createChange("create", {
  adopt: true,
  after: { source: {}, sink: {}, connectionTypes: [] },
});
const { address, resource, ...owner } = createChange("delete", { tool: "terraform" });
const deletedBy = [{ ...owner, address, name: resource }];
const collision = createChange("create", { collision: { connectionId: "x" } });

it.each<[string, Partial<Review>]>([
  ["no connections change", {}],
  ["1 stops sharing", { changes: [stop] }],
  ["1 stops or may stop sharing", { changes: [adoptAny] }],
  ["1 stops or may stop sharing", { changes: [createChange("adopt", { deletedBy })] }],
  ["1 stops sharing", { changes: [createChange("adopt", { deletedBy, removedTypes: ["logs"] })] }],
  [
    "2 stop sharing, 1 changed, 40 adopted · policy: 1 violation",
    {
      changes: [
        ...repeat(2, stop),
        createChange("update", { addedTypes: ["logs"] }),
        ...repeat(40, createChange("adopt")),
      ],
      hasPolicy: true,
      violations: [violate("error"), violate("warning")],
    },
  ],
  ["3 changed · policy: no violations", { changes: repeat(3, createChange("update")), hasPolicy: true }],
  [
    "2 state only · policy: 2 warnings",
    {
      changes: [createChange("release"), createChange("state-only")],
      hasPolicy: true,
      violations: [violate("warning"), violate("warning")],
    },
  ],
  ["1 created · up will fail", { changes: [collision] }],
  ["1 created · apply will fail", { changes: [{ ...collision, tool: "terraform" }] }],
  ["the preview failed", { outcome: "failed", errors: ["no"] }],
  ["the preview failed", { outcome: "failed", errors: ["no"], hasPolicy: true }],
  [
    "the preview failed · policy: 1 violation",
    { outcome: "failed", errors: ["no"], hasPolicy: true, violations: [violate("error")] },
  ],
  [
    "the preview failed, 1 stops sharing",
    { outcome: "failed", errors: ["no"], changes: [stop, createChange("adopt")] },
  ],
])("%s", (line, review) => {
  expect(renderSummaryLine(createReview(review))).toBe(`${line}\n`);
});

it.each(["error", "warning"] as const)(
  "has at most 140 characters, with hundreds of changes and of each %s",
  (level) => {
    const changes = [
      ...repeat(500, adoptAny),
      ...changeKinds.flatMap((kind) => repeat(500, createChange(kind))),
      ...repeat(1, collision),
    ];
    const violations = Array.from({ length: 500 }, () => violate(level));
    const line = renderSummaryLine(createReview({ changes, hasPolicy: true, violations }));
    expect(line).toContain(
      "1500 stop or may stop sharing, 500 corrected, 500 changed, 501 created, 500 adopted",
    );
    expect(line.trimEnd().length).toBeLessThanOrEqual(140);
  },
);

it("is printed by --summary-line and by --format summary-line, with the exit code of the report", async () => {
  const preview = JSON.stringify({
    steps: [
      {
        op: "create",
        urn: "urn:pulumi:dev::acme::pulumi-nodejs:dynamic/datadog:OrgConnection::hub",
        newState: { type: "pulumi-nodejs:dynamic/datadog:OrgConnection", inputs: { sinkOrgId: "x" } },
      },
    ],
  });
  for (const args of [["--summary-line"], ["--format", "summary-line"]]) {
    const { code, stdout } = await runCommand(["review", ...args], { stdin: preview });
    expect([code, stdout], args.join(" ")).toEqual([
      7,
      "1 created · not shown: leftovers of interrupted replacements\n",
    ]);
  }
  const both = await runCommand(["review", "--summary-line", "--format", "json"], { stdin: preview });
  expect([both.code, both.stdout]).toEqual([2, ""]);
});
