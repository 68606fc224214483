import { expect, test } from "vitest";
import { builtInSeed, createSeed, startSandbox } from "../../sandbox/src/index.js";
import { create, createClock, list, useSandbox } from "./harness.js";

const clock = createClock();
const sandbox = useSandbox({ rateLimit: { limit: 2, periodSeconds: 10 }, now: clock.now });

function getLimitHeaders(headers: Headers) {
  return ["Limit", "Period", "Remaining", "Reset", "Name"].map((name) => headers.get(`X-RateLimit-${name}`));
}

test("usual responses have the remaining requests and the end of the window", async () => {
  const first = await list(sandbox());
  clock.advance(3);
  const second = await list(sandbox());
  expect(getLimitHeaders(first.headers)).toEqual(["2", "10", "1", "10", "org_connections"]);
  expect(getLimitHeaders(second.headers)).toEqual(["2", "10", "0", "7", "org_connections"]);
});

test("above the limit: 429 until the window ends, and no change", async () => {
  await list(sandbox());
  await list(sandbox());
  clock.advance(9);
  const { status, body, headers } = await create(sandbox(), sandbox().getOrganization("observability").id);
  expect([status, body]).toEqual([429, { errors: ["Too many requests"] }]);
  expect(getLimitHeaders(headers)).toEqual(["2", "10", "0", "1", "org_connections"]);
  expect(sandbox().listConnections()).toEqual([]);
  clock.advance(1);
  expect((await list(sandbox())).status).toBe(200);
});

test("each organization has its own window", async () => {
  await list(sandbox());
  await list(sandbox());
  expect((await list(sandbox(), "", "checkout")).status).toBe(200);
  expect((await list(sandbox())).status).toBe(429);
});

test("without a limit, there are no such headers", async () => {
  const other = await startSandbox();
  expect(getLimitHeaders((await list(other)).headers)).toEqual([null, null, null, null, null]);
  await other.close();
});

test("an organization at its limit of destinations gets 400", async () => {
  const seed = structuredClone(builtInSeed);
  const payments = seed.accounts[0]?.organizations.find(({ key }) => key === "payments");
  if (payments) payments.maxDestinations = 1;
  const other = await startSandbox({ seed });
  other.connect({ source: "checkout", sink: "payments" });
  expect((await create(other, other.getOrganization("observability").id)).status).toBe(200);
  const { status, body } = await create(other, other.getOrganization("security").id);
  expect([status, body]).toEqual([400, { errors: ["organization may not have more than 1 destinations"] }]);
  await other.close();
});

test("a seed can have more organizations, but no duplicates", async () => {
  const big = await startSandbox({ seed: createSeed({ sources: 500 }) });
  expect(big.getOrganization("source-500").account).toBe("Acme");
  expect(new Set(big.organizations.map(({ id }) => id)).size).toBe(510);
  const users = big.organizations.map(({ user }) => user.id);
  expect(new Set(users).size).toBe(510);
  for (const id of [...users, ...big.organizations.map((organization) => organization.id)]) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  await big.close();

  const duplicate = { key: "a", id: "aaaaaaaa-0001-4000-8000-000000000001", name: "A" };
  await expect(
    startSandbox({ seed: { accounts: [{ name: "X", organizations: [duplicate, duplicate] }] } }),
  ).rejects.toThrow("two organizations have the key a");
  await expect(
    startSandbox({ seed: { accounts: [{ name: "X", organizations: [{ ...duplicate, id: "A" }] }] } }),
  ).rejects.toThrow("the id of a is not a lower-case UUID");
});
