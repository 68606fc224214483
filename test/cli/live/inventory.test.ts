import { expect, test } from "vitest";
import { buildInventory } from "../../../cli/src/live/inventory.js";
import type { ManagedConnection } from "../../../cli/src/stack/managed.js";
import { createUuid } from "../commands/discover/draft-inputs.js";

test("a connection that is not live is missing, even if the state has the UUID of its organization in upper case", () => {
  const sinkOrgId = "aaaaaaaa-0001-4000-8000-00000000000b";
  const managed: ManagedConnection = {
    id: createUuid(7),
    tool: "terraform",
    location: "state.json",
    address: "datadog_org_connection.hub",
    name: "datadog_org_connection.hub",
    form: "single",
    sinkOrgId: sinkOrgId.toUpperCase(),
    connectionTypes: ["logs"],
    typesUnspecified: false,
    adopt: false,
    protect: false,
  };
  const organizations = [{ names: ["hub"], id: sinkOrgId, checked: true as const, connections: 0 }];
  const { missing } = buildInventory(
    { organizations, connections: [] },
    { connections: [managed], unreadable: [] },
    Date.now(),
  );
  expect(missing.map(({ id }) => id)).toEqual([managed.id]);
});
