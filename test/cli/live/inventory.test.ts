import { expect, test } from "vitest";
import { buildInventory } from "../../../cli/src/live/inventory.js";
import type { ManagedConnection } from "../../../cli/src/stack/managed.js";
import { createUuid } from "../commands/discover/draft-inputs.js";

const HUB = "aaaaaaaa-0001-4000-8000-00000000000b";
const managed: ManagedConnection = {
  id: createUuid(7),
  tool: "terraform",
  location: "state.json",
  address: "datadog_org_connection.hub",
  name: "datadog_org_connection.hub",
  form: "single",
  sourceOrgId: "aaaaaaaa-0001-4000-8000-00000000000a",
  sinkOrgId: HUB.toUpperCase(),
  connectionTypes: ["logs"],
  typesUnspecified: false,
  adopt: false,
  protect: false,
};
/** Compares the connection of a state with the list of one organization, which contains no connection. */
const compareWithList = (id: string) =>
  buildInventory(
    { organizations: [{ names: ["hub"], id, checked: true }], connections: [] },
    { connections: [managed], unreadable: [] },
    Date.now(),
  );

test("a connection that is not live is missing, even if the state has the UUID of its organization in upper case", () => {
  const { missing, unverified, complete } = compareWithList(HUB);
  expect([missing.map(({ id }) => id), unverified, complete]).toEqual([[managed.id], [], true]);
});

test("a connection whose organizations have no credentials is not verified", () => {
  const { missing, unverified, complete } = compareWithList("aaaaaaaa-0001-4000-8000-00000000000c");
  expect([missing, unverified.map(({ id }) => id), complete]).toEqual([[], [managed.id], false]);
});
