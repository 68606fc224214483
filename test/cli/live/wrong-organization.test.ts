import { expect, test } from "vitest";
import type { Settings } from "../../../core/src/credentials/resolve.js";
import { diagnoseOrganization } from "../../../cli/src/commands/doctor/diagnose-organization.js";
import {
  listConfiguredOrganizations,
  type ConfiguredOrganization,
} from "../../../cli/src/live/organizations.js";
import { readLive } from "../../../cli/src/live/read-live.js";
import { useSandbox } from "../../sandbox/harness.js";

const sandbox = useSandbox();

/** The credentials of payments, with this `id` in the stack's configuration. */
function configurePayments(id: string): ConfiguredOrganization[] {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  const named = { payments: { apiKey, appKey, url: sandbox().url, id } };
  const settings: Settings = {
    env: {},
    config: (key) => (key === "datadog-org-connections:organizations" ? JSON.stringify(named) : undefined),
  };
  return listConfiguredOrganizations([settings]);
}
const getId = (key: string) => sandbox().getOrganization(key).id;

test("keys of another organization than the configured id: doctor names both", async () => {
  const listChecks = async (id: string) => {
    const [one] = configurePayments(id);
    return one ? (await diagnoseOrganization(one)).checks : [];
  };
  const listProblems = async (id: string) =>
    (await listChecks(id)).filter(({ verdict }) => verdict === "problem");
  const getReadVerdict = async (id: string) =>
    (await listChecks(id)).find(({ check }) => check === "read")?.verdict;
  expect(await listProblems(getId("payments"))).toEqual([]);
  const wrong = await listProblems(getId("search"));
  expect(wrong).toMatchObject([{ check: "organization", cause: "wrong-organization" }]);
  expect(wrong[0]?.found).toBe(
    `The credentials belong to Acme Payments (${getId("payments")}), not to the configured \`id\` ${getId("search")}.`,
  );
  // `inventory` rejects their list.
  expect([await getReadVerdict(getId("payments")), await getReadVerdict(getId("search"))]).toEqual([
    "ok",
    "unknown",
  ]);
});

test("their connections are not in an inventory: the organization is not checked", async () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  const right = await readLive(configurePayments(getId("payments")));
  expect([right.organizations.map(({ checked }) => checked), right.connections.length]).toEqual([[true], 1]);
  const wrong = await readLive(configurePayments(getId("search")));
  expect(wrong.organizations).toMatchObject([{ checked: false, code: "wrong-organization" }]);
  expect(wrong.connections).toEqual([]);
});

test("a configured id that the keys cannot confirm proves nothing", async () => {
  sandbox().setPermissions("payments", ["org_connections_read"]);
  sandbox().connect({ source: "payments", sink: "observability" });
  const read = await readLive(configurePayments(getId("payments")));
  expect(read.organizations).toMatchObject([{ checked: false, code: "organization-unproven" }]);
  expect(read.connections).toHaveLength(1);
});
