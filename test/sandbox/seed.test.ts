import { expect, test } from "vitest";
import { createSeed, parseSeed, sentinels, startSandbox } from "../../sandbox/src/index.js";

const hub = { key: "hub", id: "cccccccc-0001-4000-8000-000000000001", name: "Initech Hub" };
const shop = { key: "shop", id: "cccccccc-0002-4000-8000-000000000002", name: "Initech Shop" };
const auditor = {
  id: "cccccccc-0003-4000-8000-000000000003",
  handle: "auditor@example.com",
  email: "auditor@example.com",
  name: "Auditor",
};
const seed = {
  accounts: [{ name: "Initech", organizations: [hub, shop] }],
  connections: [
    { source: "shop", sink: "hub" },
    { source: "hub", sink: "shop", connectionTypes: ["audit"], createdBy: auditor },
  ],
};

test("the connections of a seed exist at the start and after a reset", async () => {
  const sandbox = await startSandbox({ seed });
  const expected = [
    { sourceOrgId: shop.id, sinkOrgId: hub.id, connectionTypes: ["logs"] },
    { sourceOrgId: hub.id, sinkOrgId: shop.id, connectionTypes: ["audit"], createdBy: auditor.id },
  ];
  try {
    const [first] = sandbox.listConnections();
    expect(sandbox.listConnections()).toMatchObject(expected);
    sandbox.disconnect(first?.id ?? "");
    sandbox.reset();
    expect(sandbox.listConnections()).toMatchObject(expected);
  } finally {
    await sandbox.close();
  }
});

test("createSeed extends a given seed in its first account", () => {
  const { accounts, connections } = createSeed({ base: seed, sources: 1, sentinels: true });
  expect(accounts[0]?.organizations.map(({ key }) => key)).toEqual([
    "hub",
    "shop",
    "source-1",
    ...Object.keys(sentinels).map((name) => `sentinel-${name}`),
  ]);
  expect(connections).toEqual(seed.connections);
});

test.each([
  [undefined, "seed must be an object"],
  [{ accounts: [] }, "seed.accounts must contain at least one account"],
  [{ ...seed, connections: [{ source: "shop" }] }, "seed.connections.0.sink must be a string"],
  [{ ...seed, connection: [] }, 'seed has an unknown field "connection"'],
])("parseSeed names the first invalid field of %j", (input, message) => {
  expect(() => parseSeed(input)).toThrow(message);
});

test.each([
  [[{ source: "shop", sink: "missing" }], 'no organization "missing" in the sandbox'],
  [[...seed.connections, { source: "shop", sink: "hub" }], "shop is connected to hub already"],
])("a sandbox does not start with the connections %j", async (connections, message) => {
  await expect(startSandbox({ seed: { ...seed, connections } })).rejects.toThrow(message);
});
