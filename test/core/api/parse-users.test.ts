import { describe, expect, test } from "vitest";
import { listAll } from "../../../core/src/api/paging.js";
import { parseUsers } from "../../../core/src/api/parse.js";
import { useSandbox } from "../../sandbox/harness.js";
import { createClient } from "./harness.js";

const ID = "3ad549bf-eba0-11e9-a77a-0705486660d0";
/** As recorded: core/src/api/wire.ts. */
const frog = {
  type: "users",
  id: ID,
  attributes: {
    name: "frog",
    handle: "frog@example.com",
    email: "frog@example.com",
    title: null,
    verified: true,
    service_account: false,
    allowed_login_methods: [],
    status: "Active",
  },
};

describe("the users in the included rows of a list", () => {
  test("as recorded", () => {
    expect(parseUsers([{ type: "orgs", id: ID, attributes: {} }, frog])).toEqual([
      { id: ID, name: "frog", handle: "frog@example.com", email: "frog@example.com", serviceAccount: false },
    ]);
  });

  test("a field of another shape is ignored, but not its user", () => {
    const attributes = { name: null, handle: 7, service_account: "yes" };
    expect(parseUsers([{ ...frog, id: ID.toUpperCase(), attributes }])).toEqual([{ id: ID }]);
  });

  test.each([
    [undefined],
    [null],
    ["users"],
    [{ users: [] }],
    [[null, 7, { type: "users" }, { ...frog, id: 7 }, { ...frog, id: `${ID}/../other` }]],
  ])("%j contains no users, and does not throw", (included) => {
    expect(parseUsers(included)).toEqual([]);
  });
});

const sandbox = useSandbox();

test("a listing has each creator once, across all its pages", async () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  sandbox().connect({ source: "payments", sink: "security" });
  sandbox().connect({ source: "checkout", sink: "payments" });
  const { users } = await createClient(sandbox()).list();
  expect(users?.map(({ handle }) => handle)).toEqual([
    "pulumi-payments@example.com",
    "pulumi-checkout@example.com",
  ]);
  const row = (id: string) => ({ id, createdAt: "", connectionTypes: [] });
  const paged = await listAll(
    ({ offset }) =>
      Promise.resolve({ connections: [row(String(offset))], users: [{ id: `u${offset % 2}` }], total: 3 }),
    { limit: 1 },
  );
  expect(paged?.users).toEqual([{ id: "u0" }, { id: "u1" }]);
});
