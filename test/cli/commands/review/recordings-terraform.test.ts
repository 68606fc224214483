import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../../cli/src/changes/rich-text.js";
import { getFixturePath, readJsonFixture } from "../../read-fixture.js";
import { listSentences, reviewInputs } from "../../review-inputs.js";
import { runCommand } from "../../run-command.js";

const [PAYMENTS_USER, CHECKOUT_USER] = [
  "aaaaaaaa-0003-4000-8000-f00000000003",
  "aaaaaaaa-0004-4000-8000-f00000000004",
];
const SEARCH = "aaaaaaaa-0005-4000-8000-000000000005";

/** The connections of each recording. */
const RECORDINGS = {
  terraform: {
    hub: "a25bd20b-67f3-4f19-92e4-cdb6633fbf12",
    security: "362d96dd-8aa0-4a93-b7b6-9a18561c7a58",
    audit: "4864cdf1-e5ff-4c74-83e0-a4aea143edb7",
    imported: "7487a53a-b6f7-4016-82ce-8cd9543101e4",
  },
  "opentofu-blocks": {
    hub: "0a34c2ce-ae3c-420e-9ad7-1e40892c312b",
    security: "29a37efc-cf3e-465c-a054-949c1f025fe0",
    audit: "e2a4d514-a82f-4139-89ea-bc5fe3d8a0c0",
    imported: "2a13903f-df7d-4167-af7a-e83be2aeba11",
  },
};
type Folder = keyof typeof RECORDINGS;

const formatConnection = (id: string, user: string) => `connection ${id} (created on 2026-11-27 by ${user})`;
const formatRelease = (pair: string, types: string, connection: string, resource: string) =>
  `${pair} continues to share ${types} but leaves this state: ${connection} will not be deleted (destroy = false) and will no longer be managed — resource datadog_org_connection.${resource}.`;

const DELETES =
  "deletes the connection, even if the configuration describes exactly this connection, and creates another one";
const REMOVE_BLOCKS = "Remove the import block and the resource block from the configuration.";

/** What a report must say of a recorded plan. */
interface Expected {
  code: number;
  sentences: string[];
  /** The count of unchanged connections. */
  unchanged: number;
  warnings?: string[];
}

/** Lists the recorded plans, and what their reports must say. */
function listPlans(folder: Folder): [string, Expected][] {
  const { hub, security, audit, imported } = RECORDINGS[folder];
  const each = [
    ["Acme Checkout → Acme Observability", hub, 'each["hub"]'],
    ["Acme Checkout → Acme Security", security, 'each["security"]'],
  ] as const;
  const auditConnection = formatConnection(audit, PAYMENTS_USER);
  const auditReleased = formatRelease(
    "Acme Payments → Acme Security",
    "audit",
    auditConnection,
    "to_security",
  );
  const importReplaced = `Acme Payments (probably) → an organization that is not shown stops sharing types that cannot be read, and logs will be shared from Acme Payments (probably) to ${SEARCH} instead: connection ${imported} will be replaced by one with a new ID and a new creator; the old connection will be deleted first — resource datadog_org_connection.to_search.`;
  const warnOfImport = (name: string, effect: string, remedy: string) =>
    `import-by-id: datadog_org_connection.to_search (${folder}/${name}) has only the ID of connection ${imported}: an import with the official provider reads nothing else. So the plan ${effect}. Do not apply this plan. ${remedy} Then adopt the connection with pulumi-datadog-org-connections (adopt: true), or leave it unmanaged.`;
  return [
    [
      "plan-removed.json",
      {
        code: 3,
        sentences: [
          ...each.map(([pair, id, resource]) =>
            formatRelease(pair, "logs", formatConnection(id, CHECKOUT_USER), resource),
          ),
          auditReleased,
        ],
        unchanged: 1,
      },
    ],
    [
      "plan-removed-destroy.json",
      {
        code: 4,
        sentences: [
          ...each.map(
            ([pair, id, resource]) =>
              `${pair} stops sharing logs: ${formatConnection(id, CHECKOUT_USER)} will be deleted — resource datadog_org_connection.${resource}.`,
          ),
          auditReleased,
        ],
        unchanged: 1,
      },
    ],
    ["plan-moved.json", { code: 0, sentences: [], unchanged: 4 }],
    [
      "plan-moved-changed.json",
      {
        code: 4,
        sentences: [
          `Acme Payments → Acme Security stops sharing audit, and audit will be shared with ${SEARCH} instead: ${auditConnection} will be replaced by one with a new ID and a new creator; the old connection will be deleted first — resource module.security.datadog_org_connection.this.`,
          "Acme Payments → Acme Observability stops sharing metrics, starts sharing audit, and continues to share logs — resource datadog_org_connection.hub.",
        ],
        unchanged: 2,
        warnings: [
          `audit-shared: Audit events show who did what in Acme Payments. They will be shared with ${SEARCH} and Acme Observability.`,
        ],
      },
    ],
    [
      "plan-import.json",
      {
        code: 4,
        sentences: [importReplaced],
        unchanged: 4,
        warnings: [warnOfImport("plan-import.json", DELETES, REMOVE_BLOCKS)],
      },
    ],
    [
      "plan-import-ignored.json",
      {
        code: 3,
        sentences: [
          `Acme Payments (probably) → an organization that is not shown continues to share types that cannot be read: connection ${imported} will be adopted — resource datadog_org_connection.to_search.`,
        ],
        unchanged: 4,
        warnings: [
          warnOfImport(
            "plan-import-ignored.json",
            "shows neither the destination of the connection nor its current types",
            REMOVE_BLOCKS,
          ),
        ],
      },
    ],
    [
      "plan-imported.json",
      {
        code: 4,
        sentences: [importReplaced],
        unchanged: 4,
        warnings: [
          warnOfImport(
            "plan-imported.json",
            DELETES,
            `Remove datadog_org_connection.to_search (${folder}/plan-imported.json) from its state without deleting the connection: terraform state rm 'datadog_org_connection.to_search', or a removed block with from = datadog_org_connection.to_search and lifecycle { destroy = false } (with OpenTofu, use tofu).`,
          ),
        ],
      },
    ],
  ];
}

describe.each(["terraform", "opentofu-blocks"] as const)("a recorded plan in %s", (folder) => {
  it.each(listPlans(folder))(
    "%s is read exactly",
    async (file, { code, sentences, unchanged, warnings = [] }) => {
      const name = `${folder}/${file}`;
      const result = reviewInputs({ [name]: readJsonFixture(name) });
      expect([listSentences(result), result.unchanged.length]).toEqual([sentences, unchanged]);
      expect(result.warnings.map((warning) => `${warning.code}: ${toPlainText(warning.sentence)}`)).toEqual(
        warnings,
      );
      expect([result.complete, result.unreadable, result.errors, result.notes]).toEqual([true, [], [], []]);
      expect((await runCommand(["review", name], { cwd: getFixturePath("") })).code).toBe(code);
    },
  );
});
