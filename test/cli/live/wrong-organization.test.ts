import { expect, test } from "vitest";
import type { Settings } from "../../../core/src/credentials/resolve.js";
import { examine } from "../../../cli/src/commands/doctor/examine.js";
import { configuredOrganizations, type ConfiguredOrganization } from "../../../cli/src/live/organizations.js";
import { readLive } from "../../../cli/src/live/read-live.js";
import { useSandbox } from "../../sandbox/harness.js";

const sandbox = useSandbox();

/** The keys of payments, with the `id` of some organization in the stack's configuration. */
function payments(id: string): ConfiguredOrganization[] {
  const { apiKey, appKey } = sandbox().organization("payments");
  const named = { payments: { apiKey, appKey, url: sandbox().url, id } };
  const settings: Settings = {
    env: {},
    config: (key) => (key === "datadog-org-connections:organizations" ? JSON.stringify(named) : undefined),
  };
  return configuredOrganizations([settings]);
}
const idOf = (key: string) => sandbox().organization(key).id;

test("keys of another organization than the configured id says: doctor names both", async () => {
  const checksOf = async (id: string) => {
    const [one] = payments(id);
    return one ? (await examine(one)).checks : [];
  };
  const problems = async (id: string) => (await checksOf(id)).filter(({ verdict }) => verdict === "problem");
  const read = async (id: string) => (await checksOf(id)).find(({ check }) => check === "read")?.verdict;
  expect(await problems(idOf("payments"))).toEqual([]);
  const wrong = await problems(idOf("search"));
  expect(wrong).toMatchObject([{ check: "organization", cause: "wrong-organization" }]);
  expect(wrong[0]?.found).toBe(
    `The keys belong to Acme Payments (${idOf("payments")}), and not to the configured \`id\` ${idOf("search")}.`,
  );
  // Their list is rejected by `inventory`.
  expect([await read(idOf("payments")), await read(idOf("search"))]).toEqual(["ok", "unknown"]);
});

test("their connections are no part of an inventory: the organization was not checked", async () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  const right = await readLive(payments(idOf("payments")));
  expect([right.organizations.map(({ checked }) => checked), right.connections.length]).toEqual([[true], 1]);
  const wrong = await readLive(payments(idOf("search")));
  expect(wrong.organizations).toMatchObject([{ checked: false, code: "wrong-organization" }]);
  expect(wrong.connections).toEqual([]);
});

test("a configured id that the keys cannot confirm proves nothing", async () => {
  sandbox().setPermissions("payments", ["org_connections_read"]);
  sandbox().connect({ source: "payments", sink: "observability" });
  const read = await readLive(payments(idOf("payments")));
  expect(read.organizations).toMatchObject([{ checked: false, code: "organization-unproven" }]);
  expect(read.connections).toHaveLength(1);
});
