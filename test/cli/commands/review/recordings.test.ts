import { describe, expect, it } from "vitest";
import { getFixturePath, readJsonFixture } from "../../read-fixture.js";
import { listSentences, reviewInputs } from "../../review-inputs.js";
import { runCommand } from "../../run-command.js";

const HUB = "7be638b3-29fd-47f9-a014-9856c479aeb7";
const SECURITY = "ca56f232-3f83-4707-8cbb-4734d83e28cc";
const [USER0, USER1] = ["717a732d-cdbb-4d87-8b9d-d761289b2b2c", "f0265f37-c81b-4667-801c-fea54ed0723f"];
const formatConnection = (id: string, user: string) => `connection ${id} (created on 2026-11-26 by ${user})`;
const AUDIT_REPLACED =
  "will be replaced by one with a new ID and a new creator; the %s connection will be %s first";

/** The exit code of `review` for these files in the folder of recordings. */
const runReview = async (...args: string[]): Promise<number> =>
  (await runCommand(["review", ...args], { cwd: getFixturePath("") })).code;
const reviewFixture = (name: string) => reviewInputs({ [name]: readJsonFixture(name) });

describe("a recorded plan of OpenTofu", () => {
  const review = (name: string) => reviewFixture(`opentofu/${name}`);
  const create = (team: string, sink: string, types: string, address: string) =>
    `the organization of provider datadog.${team} → ${sink} starts sharing ${types} — resource datadog_org_connection.${address}.`;
  const deletion = (pair: string, types: string, id: string, user: string, address: string) =>
    `${pair} stops sharing ${types}: ${formatConnection(id, user)} will be deleted — resource datadog_org_connection.${address}.`;
  const deleteSecurity = deletion(
    "Sink Org 0001 → Sink Org 0005",
    "logs",
    "3ceab70e-533d-47e3-a190-a2e134947efb",
    USER1,
    'each["security"]',
  );

  it.each<[string, number, string[], number]>([
    [
      "plan-create.json",
      3,
      [
        create("team0", HUB, "logs and metrics", "to_hub"),
        create("team0", SECURITY, "audit", "to_security"),
        create("team1", HUB, "logs", 'each["hub"]'),
        create("team1", SECURITY, "logs", 'each["security"]'),
      ],
      0,
    ],
    ["plan-no-change.json", 0, [], 4],
    [
      "plan-update-replace-delete.json",
      4,
      [
        deleteSecurity,
        `Source Org → Sink Org 0005 stops sharing audit, and audit will be shared with 8eda691d-ace2-480c-b774-e2a97342b6e2 instead: ${formatConnection("e5b4f5a2-0903-4132-bd91-acfda0a85461", USER0)} ${AUDIT_REPLACED.replace("%s", "old").replace("%s", "deleted")} — resource datadog_org_connection.to_security.`,
        "Source Org → Sink Org 0004 stops sharing metrics, starts sharing audit, and continues to share logs — resource datadog_org_connection.to_hub.",
      ],
      1,
    ],
    [
      "plan-destroy.json",
      4,
      [
        deletion(
          "Sink Org 0001 → Sink Org 0004",
          "logs",
          "1a4decf2-d0d8-438e-9227-06418591ae3f",
          USER1,
          'each["hub"]',
        ),
        deleteSecurity,
        deletion(
          "Source Org → Sink Org 0004",
          "logs and metrics",
          "15835b3a-da5d-4992-af21-6479c3218033",
          USER0,
          "to_hub",
        ),
        deletion(
          "Source Org → Sink Org 0005",
          "audit",
          "e5b4f5a2-0903-4132-bd91-acfda0a85461",
          USER0,
          "to_security",
        ),
      ],
      0,
    ],
    [
      "plan-module-create.json",
      3,
      [
        "Source Org (probably) → f4f3b230-e265-4c7d-b2fe-992c3afc2020 starts sharing logs — resource module.share.datadog_org_connection.this.",
      ],
      4,
    ],
  ])("%s is read exactly: exit %i", async (name, code, sentences, unchanged) => {
    const result = review(name);
    expect([listSentences(result), result.unchanged.length]).toEqual([sentences, unchanged]);
    expect([result.complete, result.unreadable, result.errors]).toEqual([true, [], []]);
    expect(await runReview(`opentofu/${name}`)).toBe(code);
    // The state of the same resources adds nothing, in either format.
    for (const state of ["opentofu/state-pull.json", "opentofu/state-show.json"])
      expect(await runReview(`opentofu/${name}`, "--state", state)).toBe(code);
  });

  it("and its state are not two owners", () => {
    const name = "opentofu/plan-no-change.json";
    const state = { "state.json": readJsonFixture("opentofu/state-pull.json") };
    const result = reviewInputs({ [name]: readJsonFixture(name) }, { state });
    expect([result.warnings, result.unchanged.length]).toEqual([[], 4]);
  });
});

describe("a recorded preview of @pulumi/datadog", () => {
  const review = (name: string) => reviewFixture(`pulumi-datadog/${name}`);
  const create = (team: string, sink: string, types: string, resource: string) =>
    `the organization of provider ${team} → ${sink} starts sharing ${types} — resource ${resource}.`;

  it.each<[string, number, string[]]>([
    [
      "preview-create.json",
      3,
      [
        create("team0", HUB, "logs and metrics", "hub"),
        create("team0", SECURITY, "audit", "security"),
        create("team1", HUB, "logs", "other"),
      ],
    ],
    // Without a state, nothing shows whether there are leftovers.
    ["preview-no-change.json", 7, []],
    [
      "preview-update-replace-delete.json",
      4,
      [
        `Sink Org 0001 → Sink Org 0004 stops sharing logs: ${formatConnection("4a7b405c-b5b0-45bc-9fb9-8931dfecb402", USER1)} will be deleted — resource other.`,
        `Source Org → Sink Org 0005 stops sharing audit, and audit will be shared from the organization of provider team0 (which may be the same organization) to aee9e025-516f-484c-8a73-3cb967b70175 instead: ${formatConnection("5b115dea-50bd-4771-8766-4da9c710d996", USER0)} ${AUDIT_REPLACED.replace("%s", "new").replace("%s", "created")} — resource security.`,
        "Source Org → Sink Org 0004 stops sharing metrics, starts sharing audit, and continues to share logs — resource hub.",
      ],
    ],
  ])("%s is read exactly: exit %i", async (name, code, sentences) => {
    expect(listSentences(review(name))).toEqual(sentences);
    expect(await runReview(`pulumi-datadog/${name}`)).toBe(code);
    expect(await runReview(`pulumi-datadog/${name}`, "--state", "pulumi-datadog/state.json")).toBe(
      code === 7 ? 0 : code,
    );
  });

  it("and its state show what stays unchanged", () => {
    const name = "pulumi-datadog/preview-update-replace-delete.json";
    const state = { state: readJsonFixture("pulumi-datadog/state.json") };
    expect(reviewInputs({ [name]: readJsonFixture(name) }, { state }).unchanged).toEqual([]);
    const noChange = "pulumi-datadog/preview-no-change.json";
    expect(reviewInputs({ [noChange]: readJsonFixture(noChange) }, { state }).unchanged).toHaveLength(3);
  });
});

describe("the wrong way: removed from @pulumi/datadog and adopted in one change", () => {
  const name = "pulumi-datadog/preview-wrong-way.json";
  const ID = "575940ca-4f8c-4e36-9eb0-c83f2af46333";

  it.each([[[]], [["--state", "pulumi-datadog/state.json"]]])(
    "is a loss of sharing, exit 4, and the report says what to do instead: %j",
    async (args) => {
      const { code, stdout } = await runCommand(["review", name, "--format", "json", ...args], {
        cwd: getFixturePath(""),
      });
      expect(code).toBe(4);
      const { outcome, warnings } = JSON.parse(stdout) as {
        outcome: string;
        warnings: { code: string; sentence: string }[];
      };
      expect([outcome, warnings]).toEqual([
        "destructive",
        [
          {
            code: "managed-elsewhere",
            sentence: `hub (@pulumi/datadog, pd/d) deletes connection ${ID} (Source Org → Sink Org 0004) by its ID. Sharing stops, whatever hub (pd/d) declares. Do not apply this change. First remove hub (@pulumi/datadog, pd/d) from its state without deleting the connection: pulumi state delete 'urn:pulumi:d::pd::datadog:index/orgConnection:OrgConnection::hub' (or, if the resource that keeps the connection is in the same stack, give it an alias with the type datadog:index/orgConnection:OrgConnection: the alias moves the state of hub to it). Then create a new preview. Never delete a resource and adopt its connection in one change.`,
          },
        ],
      ]);
    },
  );

  it("with a known source the adoption does not hide the deletion", () => {
    const preview = readJsonFixture(name) as object;
    const organizations = { team0: { id: "3e4dc9d0-3c21-48ec-9f60-851c1c441847" } };
    const config = { "datadog-org-connections:organizations": JSON.stringify(organizations) };
    const result = reviewInputs({ [name]: { ...preview, config } });
    expect(result.outcome).toBe("destructive");
    expect(result.changes).toMatchObject([
      { kind: "delete", connectionId: ID, removedTypes: ["logs", "metrics"], otherOwners: [{ name: "hub" }] },
      { kind: "adopt", connectionId: ID, deletedBy: [{ tool: "pulumi-datadog" }] },
    ]);
  });
});
