import { expect, test } from "vitest";
import type { Organization } from "../../../core/src/api/parse.js";
import { OrganizationPool } from "../../../core/src/operation/organization-pool.js";

const createOrganizations = (...names: string[]): Organization[] =>
  names.map((name, index) => ({ id: `id-${index}`, name, disabled: false }));

test("an equal list of another caller is the same list, with its own caller", () => {
  const pool = new OrganizationPool();
  const first = pool.getShared({ callerId: "id-0", organizations: createOrganizations("hub", "shop") });
  const second = pool.getShared({ callerId: "id-1", organizations: createOrganizations("hub", "shop") });
  expect(second).toEqual({ callerId: "id-1", organizations: createOrganizations("hub", "shop") });
  expect(second.organizations).toBe(first.organizations);
});

test("a caller that sees fewer organizations shares those that it sees", () => {
  const pool = new OrganizationPool();
  const [hub] = pool.getShared({
    callerId: "id-0",
    organizations: createOrganizations("hub", "shop"),
  }).organizations;
  const { organizations } = pool.getShared({ callerId: "id-0", organizations: createOrganizations("hub") });
  expect(organizations).toHaveLength(1);
  expect(organizations[0]).toBe(hub);
});

test.each<[string, Partial<Organization>]>([
  ["name", { name: "other" }],
  ["disabled", { disabled: true }],
  ["publicId", { publicId: "abc" }],
  ["description", { description: "x" }],
  ["createdAt", { createdAt: "2025-08-26T20:19:36Z" }],
])("an organization with another %s is not replaced by the known one", (_, change) => {
  const pool = new OrganizationPool();
  pool.getShared({ callerId: "id-0", organizations: createOrganizations("hub") });
  const [changed] = createOrganizations("hub").map((hub) => ({ ...hub, ...change }));
  const { organizations } = pool.getShared({ callerId: "id-0", organizations: changed ? [changed] : [] });
  expect(organizations).toEqual([changed]);
});
