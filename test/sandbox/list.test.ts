import { expect, test } from "vitest";
import { createSeed } from "../../sandbox/src/index.js";
import { create, createClock, list, useSandbox } from "./harness.js";

const clock = createClock();
const sandbox = useSandbox({ seed: createSeed({ sources: 30 }), now: clock.now });
const getOrg = (key: string) => sandbox().getOrganization(key);

test("an empty list has no included", async () => {
  const { status, body } = await list(sandbox());
  expect([status, body]).toEqual([
    200,
    { data: [], meta: { page: { total_count: 0, total_filtered_count: 0 } } },
  ]);
});

test("has only the connections of the caller, as source or destination", async () => {
  const sent = sandbox().connect({ source: "payments", sink: "observability" });
  const received = sandbox().connect({ source: "checkout", sink: "payments" });
  sandbox().connect({ source: "checkout", sink: "observability" });
  const { body } = await list(sandbox());
  expect(body.data.map(({ id }) => id)).toEqual([sent, received]);
});

test("has the order of creation even if the clock does not advance, by increasing microseconds", async () => {
  const ids = ["payments", "checkout", "search"].map((source) =>
    sandbox().connect({ source, sink: "observability" }),
  );
  const { body } = await list(sandbox(), "", "observability");
  expect(body.data.map(({ id }) => id)).toEqual(ids);
  const times = body.data.map((row) => row.attributes.created_at);
  expect([...new Set(times)].sort()).toEqual(times);
  expect(times[0]).toMatch(/^2026-03-01T12:00:00\.500\d{3}\+00:00$/);
});

test("includes organizations, then users, each once, with the recorded null values", async () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  sandbox().connect({ source: "payments", sink: "security" });
  const { body } = await list(sandbox());
  expect(body.included?.map(({ type, id }) => [type, id])).toEqual([
    ["orgs", getOrg("payments").id],
    ["orgs", getOrg("observability").id],
    ["orgs", getOrg("security").id],
    ["users", getOrg("payments").user.id],
  ]);
  expect(body.included?.[0]?.attributes).toMatchObject({ description: null, url: null, modified_at: null });
  expect(body.included?.[3]?.attributes).toMatchObject({
    handle: "pulumi-payments@example.com",
    email: "pulumi-payments@example.com",
  });
});

test("has pages by limit and offset, with constant totals", async () => {
  const ids = Array.from({ length: 30 }, (_, index) =>
    sandbox().connect({ source: `source-${index + 1}`, sink: "observability" }),
  );
  const pages = await Promise.all(
    [0, 12, 24].map((offset) => list(sandbox(), `?limit=12&offset=${offset}`, "observability")),
  );
  expect(pages.flatMap(({ body }) => body.data.map(({ id }) => id))).toEqual(ids);
  expect(pages.map(({ body }) => body.data.length)).toEqual([12, 12, 6]);
  expect(pages.map(({ body }) => body.meta.page.total_count)).toEqual([30, 30, 30]);
  expect(pages[2]?.body.included).toHaveLength(6 + 1 + 6);
});

test("filters by destination and source without regard to case, with both totals", async () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  const expected = sandbox().connect({ source: "payments", sink: "security" });
  const received = sandbox().connect({ source: "checkout", sink: "payments" });
  const bySink = await list(sandbox(), `?sink_org_id=${getOrg("security").id.toUpperCase()}`);
  expect(bySink.body.data.map(({ id }) => id)).toEqual([expected]);
  expect(bySink.body.meta.page).toEqual({ total_count: 3, total_filtered_count: 1 });
  const bySource = await list(sandbox(), `?source_org_id=${getOrg("checkout").id}`);
  expect(bySource.body.data.map(({ id }) => id)).toEqual([received]);
});

test.each([
  "limit=0",
  "limit=1001",
  "limit=ten",
  "limit=",
  "offset=-1",
  "offset=1.5",
  "sink_org_id=x",
  "source_org_id=x",
])("with %s returns 400", async (query) => {
  const { status, body } = await list(sandbox(), `?${query}`);
  expect([status, body]).toEqual([400, { errors: ["Validation failed for input."] }]);
});

test("every response has a Date from the clock of the sandbox", async () => {
  const ok = await list(sandbox());
  const failed = await create(sandbox(), "nonsense");
  expect([ok, failed].map(({ headers }) => headers.get("Date"))).toEqual([
    "Sun, 01 Mar 2026 12:00:00 GMT",
    "Sun, 01 Mar 2026 12:00:00 GMT",
  ]);
});
