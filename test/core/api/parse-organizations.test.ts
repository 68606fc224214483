import { expect, test } from "vitest";
import { parseOrganizations } from "../../../core/src/api/parse.js";

const createId = (number: number) => `aaaaaaaa-000${number}-4000-8000-000000000000`;
const createRow = (number: number, attributes: object = {}) => ({
  type: "orgs",
  id: createId(number),
  attributes: { name: `Acme ${number}`, disabled: false, ...attributes },
});
const createBody = (caller: number, rows: object[]) => ({ data: { id: createId(caller) }, included: rows });

test("an equal list of another caller is the same list, with its own caller", () => {
  const first = parseOrganizations(createBody(1, [createRow(1), createRow(2)]));
  const second = parseOrganizations(createBody(2, [createRow(1), createRow(2)]));
  expect(second.organizations).toBe(first.organizations);
  expect([first.callerId, second.callerId]).toEqual([createId(1), createId(2)]);
});

test("a caller that sees fewer organizations shares those that it sees", () => {
  const all = parseOrganizations(createBody(1, [createRow(1), createRow(2)])).organizations;
  const { organizations } = parseOrganizations(createBody(2, [createRow(2)]));
  expect(organizations).toHaveLength(1);
  expect(organizations[0]).toBe(all[1]);
});

test.each([
  { name: "other" },
  { disabled: true },
  { public_id: "abc" },
  { description: "x" },
  { created_at: "2025-08-26T20:19:36Z" },
])("an organization that differs in %o is not replaced by a known one", (change) => {
  const [known] = parseOrganizations(createBody(1, [createRow(1)])).organizations;
  const [changed] = parseOrganizations(createBody(1, [createRow(1, change)])).organizations;
  expect(changed).not.toEqual(known);
});

test("an invalid row makes the response invalid, however often it is parsed", () => {
  const body = createBody(1, [createRow(1), { type: "orgs", id: 5 }]);
  expect(() => parseOrganizations(body)).toThrow();
  expect(() => parseOrganizations(body)).toThrow();
});

test.each(["us", "login", "aaaaaaaa"])(
  "a caller %j, which is not a UUID, makes the response invalid",
  (id) => {
    expect(() => parseOrganizations({ data: { id }, included: [] })).toThrow();
  },
);
