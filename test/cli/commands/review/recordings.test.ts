/**
 * Recorded plans and previews of Terraform, OpenTofu and @pulumi/datadog. Each has one line for its facts, and one for each change
 * and warning. plan.test.ts, import-block.test.ts and the golden reports have the sentences.
 */
import { describe, expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/facts.js";
import type { OrganizationRef } from "../../../../cli/src/changes/shared-data.js";
import { getFixturePath, readJsonFixture } from "../../read-fixture.js";
import { reviewInputs } from "../../review-inputs.js";
import { runCommand } from "../../run-command.js";

/** Names for the connections, the organizations without a name, and the users in the recordings. */
const NAMES: Record<string, string> = {
  "1a4decf2-d0d8-438e-9227-06418591ae3f": "c-each-hub",
  "3ceab70e-533d-47e3-a190-a2e134947efb": "c-each-security",
  "15835b3a-da5d-4992-af21-6479c3218033": "c-hub",
  "e5b4f5a2-0903-4132-bd91-acfda0a85461": "c-security",
  "4a7b405c-b5b0-45bc-9fb9-8931dfecb402": "c-other",
  "575940ca-4f8c-4e36-9eb0-c83f2af46333": "c-hub",
  "5b115dea-50bd-4771-8766-4da9c710d996": "c-security",
  "7be638b3-29fd-47f9-a014-9856c479aeb7": "HUB",
  "ca56f232-3f83-4707-8cbb-4734d83e28cc": "SECURITY",
  "8eda691d-ace2-480c-b774-e2a97342b6e2": "NEXT",
  "aee9e025-516f-484c-8a73-3cb967b70175": "NEXT",
  "f4f3b230-e265-4c7d-b2fe-992c3afc2020": "SHARED",
  "717a732d-cdbb-4d87-8b9d-d761289b2b2c": "user0",
  "f0265f37-c81b-4667-801c-fea54ed0723f": "user1",
  "aaaaaaaa-0005-4000-8000-000000000005": "SEARCH",
  "aaaaaaaa-0003-4000-8000-f00000000003": "payments",
  "aaaaaaaa-0004-4000-8000-f00000000004": "checkout",
  // In the folder `terraform`.
  "a25bd20b-67f3-4f19-92e4-cdb6633fbf12": "c-hub",
  "362d96dd-8aa0-4a93-b7b6-9a18561c7a58": "c-security",
  "4864cdf1-e5ff-4c74-83e0-a4aea143edb7": "c-audit",
  "a9bdad0e-bb78-49ac-b29b-d07014042d87": "c-payments",
  "7487a53a-b6f7-4016-82ce-8cd9543101e4": "c-imported",
  // In the folder `opentofu-blocks`.
  "0a34c2ce-ae3c-420e-9ad7-1e40892c312b": "c-hub",
  "29a37efc-cf3e-465c-a054-949c1f025fe0": "c-security",
  "e2a4d514-a82f-4139-89ea-bc5fe3d8a0c0": "c-audit",
  "e931662b-792c-406c-b0c8-308431cfcb0b": "c-payments",
  "2a13903f-df7d-4167-af7a-e83be2aeba11": "c-imported",
};
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const formatEnd = ({ name, id, provider, isGuess }: OrganizationRef): string =>
  `${name ?? id ?? provider?.split("::").at(-1) ?? "unknown"}${isGuess === true ? " (probably)" : ""}`;

/** Formats the facts of a change: `replace hub c1 by ann: Acme → Hub, then Acme → Search -logs +logs deleted first`. */
function formatFacts({ kind, resource, before, after, ...change }: Change): string {
  const { connectionId, createdBy, because, importedById, deleteFirst } = change;
  const pairs = [before, after].flatMap((one) =>
    one ? [`${formatEnd(one.source)} → ${formatEnd(one.sink)}`] : [],
  );
  const facts = [
    kind,
    resource.replace("datadog_org_connection.", ""),
    connectionId,
    createdBy?.id !== undefined && `by ${createdBy.id}`,
    `| ${[...new Set(pairs)].join(", then ")} |`,
    ...change.removedTypes.map((type) => `-${type}`),
    ...change.addedTypes.map((type) => `+${type}`),
    because,
    importedById && `only an ID in the ${importedById}`,
    deleteFirst === true && "deleted first",
  ];
  const text = facts.filter((fact) => typeof fact === "string").join(" ");
  return text.replace(UUID, (id) => NAMES[id] ?? id);
}

/** Runs `review` for files in the folder of recordings, and returns its exit code. */
const runReview = async (...args: string[]): Promise<number> =>
  (await runCommand(["review", ...args], { cwd: getFixturePath("") })).code;

async function describeRecording(name: string): Promise<string[]> {
  const { changes, unchanged, warnings, complete, unreadable, errors, notes } = reviewInputs({
    [name]: readJsonFixture(name),
  });
  expect([unreadable, errors, notes]).toEqual([[], [], []]);
  return [
    `exit ${await runReview(name)}, ${unchanged.length} unchanged${complete ? "" : ", incomplete"}`,
    ...changes.map(formatFacts),
    ...warnings.map(({ code }) => `warning: ${code}`),
  ];
}

const splitLines = (text: string) => text.trim().split(/\n */);

describe("a recorded plan of OpenTofu", () => {
  it.each(
    Object.entries({
      "plan-create.json": `
        exit 3, 0 unchanged
        create to_hub | datadog.team0 → HUB | +logs +metrics
        create to_security | datadog.team0 → SECURITY | +audit
        create each["hub"] | datadog.team1 → HUB | +logs
        create each["security"] | datadog.team1 → SECURITY | +logs
        warning: audit-shared`,
      "plan-no-change.json": "exit 0, 4 unchanged",
      "plan-update-replace-delete.json": `
        exit 4, 1 unchanged
        delete each["security"] c-each-security by user1 | Sink Org 0001 → Sink Org 0005 | -logs
        replace to_security c-security by user0 | Source Org → Sink Org 0005, then Source Org → NEXT | -audit +audit deleted first
        update to_hub c-hub by user0 | Source Org → Sink Org 0004 | -metrics +audit
        warning: audit-shared`,
      "plan-destroy.json": `
        exit 4, 0 unchanged
        delete each["hub"] c-each-hub by user1 | Sink Org 0001 → Sink Org 0004 | -logs
        delete each["security"] c-each-security by user1 | Sink Org 0001 → Sink Org 0005 | -logs
        delete to_hub c-hub by user0 | Source Org → Sink Org 0004 | -logs -metrics
        delete to_security c-security by user0 | Source Org → Sink Org 0005 | -audit`,
      "plan-module-create.json": `
        exit 3, 4 unchanged
        create module.share.this | Source Org (probably) → SHARED | +logs`,
    }),
  )("%s is read exactly, and the state of the same resources adds nothing", async (file, expected) => {
    const found = await describeRecording(`opentofu/${file}`);
    expect(found).toEqual(splitLines(expected));
    for (const state of ["opentofu/state-pull.json", "opentofu/state-show.json"]) {
      const code = await runReview(`opentofu/${file}`, "--state", state);
      expect(found[0]).toContain(`exit ${code},`);
    }
  });

  it("and its state are not two owners", () => {
    const name = "opentofu/plan-no-change.json";
    const state = { "state.json": readJsonFixture("opentofu/state-pull.json") };
    const result = reviewInputs({ [name]: readJsonFixture(name) }, { state });
    expect([result.warnings, result.unchanged.length]).toEqual([[], 4]);
  });
});

describe.each(["terraform", "opentofu-blocks"])("a recorded plan with blocks of %s", (folder) => {
  it.each(
    Object.entries({
      "plan-removed.json": `
        exit 3, 1 unchanged
        release each["hub"] c-hub by checkout | Acme Checkout → Acme Observability | forget
        release each["security"] c-security by checkout | Acme Checkout → Acme Security | forget
        release to_security c-audit by payments | Acme Payments → Acme Security | forget`,
      "plan-removed-destroy.json": `
        exit 4, 1 unchanged
        delete each["hub"] c-hub by checkout | Acme Checkout → Acme Observability | -logs
        delete each["security"] c-security by checkout | Acme Checkout → Acme Security | -logs
        release to_security c-audit by payments | Acme Payments → Acme Security | forget`,
      "plan-moved.json": "exit 0, 4 unchanged",
      "plan-moved-changed.json": `
        exit 4, 2 unchanged
        replace module.security.this c-audit by payments | Acme Payments → Acme Security, then Acme Payments → SEARCH | -audit +audit deleted first
        update hub c-payments by payments | Acme Payments → Acme Observability | -metrics +audit
        warning: audit-shared`,
      "plan-import.json": `
        exit 4, 4 unchanged
        replace to_search c-imported | Acme Payments (probably) → unknown, then Acme Payments (probably) → SEARCH | +logs only an ID in the plan deleted first
        warning: import-by-id`,
      "plan-import-ignored.json": `
        exit 3, 4 unchanged
        adopt to_search c-imported | Acme Payments (probably) → unknown | only an ID in the plan
        warning: import-by-id`,
      "plan-imported.json": `
        exit 4, 4 unchanged
        replace to_search c-imported | Acme Payments (probably) → unknown, then Acme Payments (probably) → SEARCH | +logs only an ID in the state deleted first
        warning: import-by-id`,
    }),
  )("%s is read exactly", async (file, expected) => {
    expect(await describeRecording(`${folder}/${file}`)).toEqual(splitLines(expected));
  });
});

describe("a recorded preview of @pulumi/datadog", () => {
  const STATE = "pulumi-datadog/state.json";

  // Without a state, nothing shows whether there are leftovers, and what stays unchanged.
  it.each(
    Object.entries({
      "preview-create.json": `
        exit 3, 0 unchanged
        create hub | team0 → HUB | +logs +metrics
        create security | team0 → SECURITY | +audit
        create other | team1 → HUB | +logs
        warning: audit-shared
        with the state: exit 3, 3 unchanged`,
      "preview-no-change.json": `
        exit 7, 0 unchanged, incomplete
        with the state: exit 0, 3 unchanged`,
      "preview-update-replace-delete.json": `
        exit 4, 0 unchanged, incomplete
        delete other c-other by user1 | Sink Org 0001 → Sink Org 0004 | -logs
        replace security c-security by user0 | Source Org → Sink Org 0005, then team0 → NEXT | -audit +audit
        update hub c-hub by user0 | Source Org → Sink Org 0004 | -metrics +audit
        warning: audit-shared
        warning: audit-shared
        with the state: exit 4, 0 unchanged`,
      // Removed and adopted in one change: a loss of sharing, which only two separate changes avoid.
      "preview-wrong-way.json": `
        exit 4, 0 unchanged, incomplete
        delete hub c-hub by user0 | Source Org → Sink Org 0004 | -logs -metrics
        create hub | unknown → Sink Org 0004 | +logs +metrics
        warning: managed-elsewhere
        with the state: exit 4, 2 unchanged`,
    }),
  )("%s is read exactly", async (file, expected) => {
    const name = `pulumi-datadog/${file}`;
    const state = { state: readJsonFixture(STATE) };
    const { unchanged } = reviewInputs({ [name]: readJsonFixture(name) }, { state });
    const withState = `with the state: exit ${await runReview(name, "--state", STATE)}, ${unchanged.length} unchanged`;
    expect([...(await describeRecording(name)), withState]).toEqual(splitLines(expected));
  });

  it("with a known source, an adoption does not hide the deletion of its connection", () => {
    const preview = readJsonFixture("pulumi-datadog/preview-wrong-way.json") as object;
    const organizations = { team0: { id: "3e4dc9d0-3c21-48ec-9f60-851c1c441847" } };
    const config = { "datadog-org-connections:organizations": JSON.stringify(organizations) };
    const { outcome, changes } = reviewInputs({ preview: { ...preview, config } });
    expect([outcome, changes]).toMatchObject([
      "destructive",
      [
        { kind: "delete", removedTypes: ["logs", "metrics"], otherOwners: [{ name: "hub" }] },
        { kind: "adopt", deletedBy: [{ tool: "pulumi-datadog" }] },
      ],
    ]);
  });
});
