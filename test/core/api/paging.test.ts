import { describe, expect, test } from "vitest";
import { listAll } from "../../../core/src/api/paging.js";
import type { Connection, Page } from "../../../core/src/api/parse.js";
import { createSeed } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";
import { createClient, catchError } from "./harness.js";

type Query = { limit: number; offset: number };

const createRows = (...ids: string[]): Connection[] =>
  ids.map((id) => ({ id, createdAt: "2025-08-26T20:19:36.177236+00:00", connectionTypes: ["logs"] }));

/** Creates a server with a list that a test may change before each page. */
function createServer(
  ids: string[],
  options: { totals?: boolean; before?: (page: number, ids: string[]) => void } = {},
) {
  const liveIds = [...ids];
  const requests: Query[] = [];
  const fetchPage = ({ limit, offset }: Query): Promise<Page> => {
    options.before?.(requests.length, liveIds);
    requests.push({ limit, offset });
    const connections = createRows(...liveIds.slice(offset, offset + limit));
    return Promise.resolve(
      options.totals === false ? { connections } : { connections, total: liveIds.length },
    );
  };
  return { fetchPage, requests, liveIds };
}

const getIds = (listing: Awaited<ReturnType<typeof listAll>>) => listing?.connections.map(({ id }) => id);
const FIVE_IDS = ["a", "b", "c", "d", "e"];
const proofs = [false, true];

describe.each(proofs)("with proof %s, a list that does not change is read completely", (provesAbsence) => {
  test.each([2, 3, 4, 5, 6])("in pages of %i", async (limit) => {
    const { fetchPage } = createServer(FIVE_IDS);
    expect(getIds(await listAll(fetchPage, { limit, provesAbsence }))).toEqual(FIVE_IDS);
  });

  test.each([2, 3, 5, 6])("in pages of %i without totals", async (limit) => {
    const { fetchPage } = createServer(FIVE_IDS, { totals: false });
    expect(getIds(await listAll(fetchPage, { limit, provesAbsence }))).toEqual(FIVE_IDS);
  });

  test("if it is empty, with one request", async () => {
    for (const totals of [true, false]) {
      const { fetchPage, requests } = createServer([], { totals });
      expect(getIds(await listAll(fetchPage, { limit: 2, provesAbsence }))).toEqual([]);
      expect(requests).toHaveLength(1);
    }
  });

  test("if the server's pages are smaller than requested", async () => {
    const { fetchPage } = createServer(FIVE_IDS);
    const small = ({ offset }: Query) => fetchPage({ limit: 2, offset });
    expect(getIds(await listAll(small, { provesAbsence }))).toEqual(FIVE_IDS);
  });

  test("but is incomplete if a later page is empty", async () => {
    const { fetchPage } = createServer(FIVE_IDS);
    const emptied = async (query: Query) =>
      query.offset === 0 ? fetchPage(query) : { connections: [], total: FIVE_IDS.length };
    expect(await listAll(emptied, { limit: 2, provesAbsence })).toBeUndefined();
  });

  test("but is incomplete if the total is lower than the row count", async () => {
    const { fetchPage } = createServer(FIVE_IDS);
    const short = async (query: Query) => ({ ...(await fetchPage(query)), total: 4 });
    expect(await listAll(short, { limit: 3, provesAbsence })).toBeUndefined();
  });

  test("but is incomplete if the total is higher than the row count", async () => {
    const { fetchPage } = createServer(FIVE_IDS);
    const long = async (query: Query) => ({ ...(await fetchPage(query)), total: 6 });
    expect(await listAll(long, { limit: 3, provesAbsence })).toBeUndefined();
  });

  test("but is incomplete if a row appears twice", async () => {
    const { fetchPage } = createServer(["a", "b", "c", "b", "d"]);
    expect(await listAll(fetchPage, { limit: 3, provesAbsence })).toBeUndefined();
  });

  test("but is incomplete if a row appears twice on one page", async () => {
    expect(await listAll(createServer(["a", "a"]).fetchPage, { limit: 3, provesAbsence })).toBeUndefined();
  });

  test("but is incomplete if each page starts at the first row", async () => {
    const { fetchPage } = createServer(FIVE_IDS);
    const ignoreOffset = async ({ limit }: Query) => fetchPage({ limit, offset: 0 });
    expect(await listAll(ignoreOffset, { limit: 3, provesAbsence })).toBeUndefined();
  });

  test("but is incomplete if it never ends", async () => {
    let requests = 0;
    const fetchEndless = ({ limit, offset }: Query) => {
      requests++;
      return Promise.resolve({
        connections: createRows(...Array.from({ length: limit }, (_, at) => String(offset + at))),
      });
    };
    expect(await listAll(fetchEndless, { limit: 2, provesAbsence })).toBeUndefined();
    expect(requests).toBeLessThanOrEqual(4000);
  });
});

describe("requested pages", () => {
  test("follow each other without overlap if there is no proof", async () => {
    const { fetchPage, requests } = createServer(FIVE_IDS);
    await listAll(fetchPage, { limit: 2 });
    expect(requests.map(({ offset }) => offset)).toEqual([0, 2, 4]);
  });

  test("overlap by one row with proof", async () => {
    const { fetchPage, requests } = createServer(FIVE_IDS);
    await listAll(fetchPage, { limit: 2, provesAbsence: true });
    expect(requests.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
  });

  test("end with the last row if there are totals", async () => {
    const { fetchPage, requests } = createServer(["a", "b", "c", "d"]);
    await listAll(fetchPage, { limit: 2 });
    expect(requests).toHaveLength(2);
  });
});

describe.each(proofs)("with proof %s, a list that changes during the read", (provesAbsence) => {
  test("and loses a row of an earlier page is read again", async () => {
    const { fetchPage, requests } = createServer(FIVE_IDS, {
      before: (page, liveIds) => {
        if (page === 1) liveIds.shift();
      },
    });
    expect(getIds(await listAll(fetchPage, { limit: 3, provesAbsence }))).toEqual(["b", "c", "d", "e"]);
    expect(requests.filter(({ offset }) => offset === 0)).toHaveLength(2);
  });

  test("and gains a row at its end is read again", async () => {
    const { fetchPage } = createServer(FIVE_IDS, {
      before: (page, liveIds) => {
        if (page === 1) liveIds.push("f");
      },
    });
    expect(getIds(await listAll(fetchPage, { limit: 3, provesAbsence }))).toEqual([...FIVE_IDS, "f"]);
  });

  test("is incomplete if it changes in each of four rounds", async () => {
    const { fetchPage, requests } = createServer(FIVE_IDS, {
      before: (page, liveIds) => void liveIds.push(`more-${page}`),
    });
    expect(await listAll(fetchPage, { limit: 3, provesAbsence })).toBeUndefined();
    expect(requests.filter(({ offset }) => offset === 0)).toHaveLength(4);
  });
});

describe("a row deleted on an earlier page and another added at the end, with the same total", () => {
  const changeList = (page: number, liveIds: string[]) => {
    if (page !== 1) return;
    liveIds.shift();
    liveIds.push("f");
  };

  test.each([true, false])(
    "is detected with proof (totals: %s), and the list is read again",
    async (totals) => {
      const { fetchPage } = createServer(FIVE_IDS, { totals, before: changeList });
      expect(getIds(await listAll(fetchPage, { limit: 3, provesAbsence: true }))).toEqual([
        "b",
        "c",
        "d",
        "e",
        "f",
      ]);
    },
  );

  test("is not detected without proof: a live row is on no page", async () => {
    const { fetchPage } = createServer(FIVE_IDS, { before: changeList });
    expect(getIds(await listAll(fetchPage, { limit: 3 }))).toEqual(["a", "b", "c", "e", "f"]);
  });
});

describe("over HTTP", () => {
  const sandbox = useSandbox({ seed: createSeed({ sources: 1001 }) });

  test("1,001 connections are two pages of up to 1,000, with proof or without", async () => {
    for (let number = 1; number <= 1001; number++) {
      sandbox().connect({ source: `source-${number}`, sink: "observability" });
    }
    const client = createClient(sandbox(), "observability");
    for (const [provesAbsence, second] of [
      [false, "1000"],
      [true, "999"],
    ] as const) {
      sandbox().clearRequests();
      const { connections } = await client.list({ provesAbsence });
      expect(new Set(connections.map(({ id }) => id)).size).toBe(1001);
      expect(sandbox().requests.map(({ query }) => [query["limit"], query["offset"]])).toEqual([
        ["1000", "0"],
        ["1000", second],
      ]);
    }
  });

  test("a page that lacks rows once is read again", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().fail({ moment: "before", what: { kind: "short-page", drop: 1 } });
    expect((await createClient(sandbox()).list()).connections).toHaveLength(1);
  });

  test("pages that always lack rows are the error incomplete-listing", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "short-page", drop: 1 } });
    const error = await catchError(createClient(sandbox()).list());
    expect(error.code).toBe("incomplete-listing");
    expect(error.message).toContain('organization "payments"');
  });
});
