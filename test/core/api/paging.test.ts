import { describe, expect, test } from "vitest";
import { listAll } from "../../../core/src/api/paging.js";
import type { Connection, Page } from "../../../core/src/api/parse.js";
import { seedWith } from "../../../sandbox/src/index.js";
import { useSandbox } from "../../sandbox/harness.js";
import { clientFor, failureOf } from "./harness.js";

type Query = { limit: number; offset: number };

const rows = (...ids: string[]): Connection[] =>
  ids.map((id) => ({ id, createdAt: "2025-08-26T20:19:36.177236+00:00", connectionTypes: ["logs"] }));

/** A server's list, which a test may change before a page is cut from it. */
function server(
  ids: string[],
  options: { totals?: boolean; before?: (page: number, ids: string[]) => void } = {},
) {
  const live = [...ids];
  const asked: Query[] = [];
  const fetchPage = ({ limit, offset }: Query): Promise<Page> => {
    options.before?.(asked.length, live);
    asked.push({ limit, offset });
    const connections = rows(...live.slice(offset, offset + limit));
    return Promise.resolve(options.totals === false ? { connections } : { connections, total: live.length });
  };
  return { fetchPage, asked, live };
}

const idsOf = (listing: Awaited<ReturnType<typeof listAll>>) => listing?.connections.map(({ id }) => id);
const five = ["a", "b", "c", "d", "e"];
const proofs = [false, true];

describe.each(proofs)("with proof %s, a list that stands still is had whole", (proof) => {
  test.each([2, 3, 4, 5, 6])("in pages of %i", async (limit) => {
    const { fetchPage } = server(five);
    expect(idsOf(await listAll(fetchPage, { limit, proof }))).toEqual(five);
  });

  test.each([2, 3, 5, 6])("in pages of %i without totals", async (limit) => {
    const { fetchPage } = server(five, { totals: false });
    expect(idsOf(await listAll(fetchPage, { limit, proof }))).toEqual(five);
  });

  test("when it is empty, by one request", async () => {
    for (const totals of [true, false]) {
      const { fetchPage, asked } = server([], { totals });
      expect(idsOf(await listAll(fetchPage, { limit: 2, proof }))).toEqual([]);
      expect(asked).toHaveLength(1);
    }
  });

  test("when the server's pages are smaller than asked for", async () => {
    const { fetchPage } = server(five);
    const small = ({ offset }: Query) => fetchPage({ limit: 2, offset });
    expect(idsOf(await listAll(small, { proof }))).toEqual(five);
  });

  test("when the totals are smaller than the rows: nothing is concluded", async () => {
    const { fetchPage } = server(five);
    const short = async (query: Query) => ({ ...(await fetchPage(query)), total: 4 });
    expect(await listAll(short, { limit: 3, proof })).toBeUndefined();
  });

  test("when rows are missing against the totals: nothing is concluded", async () => {
    const { fetchPage } = server(five);
    const long = async (query: Query) => ({ ...(await fetchPage(query)), total: 6 });
    expect(await listAll(long, { limit: 3, proof })).toBeUndefined();
  });

  test("when a row comes twice: nothing is concluded", async () => {
    const { fetchPage } = server(["a", "b", "c", "b", "d"]);
    expect(await listAll(fetchPage, { limit: 3, proof })).toBeUndefined();
  });

  test("when a row comes twice on one page: nothing is concluded", async () => {
    expect(await listAll(server(["a", "a"]).fetchPage, { limit: 3, proof })).toBeUndefined();
  });

  test("when each page begins anew: nothing is concluded", async () => {
    const { fetchPage } = server(five);
    const ignoring = async ({ limit }: Query) => fetchPage({ limit, offset: 0 });
    expect(await listAll(ignoring, { limit: 3, proof })).toBeUndefined();
  });

  test("when it never ends: it is given up", async () => {
    let asked = 0;
    const endless = ({ limit, offset }: Query) => {
      asked++;
      return Promise.resolve({
        connections: rows(...Array.from({ length: limit }, (_, at) => String(offset + at))),
      });
    };
    expect(await listAll(endless, { limit: 2, proof })).toBeUndefined();
    expect(asked).toBeLessThanOrEqual(4000);
  });
});

describe("pages asked for", () => {
  test("follow each other without proof", async () => {
    const { fetchPage, asked } = server(five);
    await listAll(fetchPage, { limit: 2 });
    expect(asked.map(({ offset }) => offset)).toEqual([0, 2, 4]);
  });

  test("overlap by one row with proof", async () => {
    const { fetchPage, asked } = server(five);
    await listAll(fetchPage, { limit: 2, proof: true });
    expect(asked.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
  });

  test("end with the last row when there are totals", async () => {
    const { fetchPage, asked } = server(["a", "b", "c", "d"]);
    await listAll(fetchPage, { limit: 2 });
    expect(asked).toHaveLength(2);
  });
});

describe.each(proofs)("with proof %s, a list that changes while it is read", (proof) => {
  test("and lost a row of an earlier page is read anew", async () => {
    const { fetchPage, asked } = server(five, {
      before: (page, live) => {
        if (page === 1) live.shift();
      },
    });
    expect(idsOf(await listAll(fetchPage, { limit: 3, proof }))).toEqual(["b", "c", "d", "e"]);
    expect(asked.filter(({ offset }) => offset === 0)).toHaveLength(2);
  });

  test("and got a row at its end is read anew", async () => {
    const { fetchPage } = server(five, {
      before: (page, live) => {
        if (page === 1) live.push("f");
      },
    });
    expect(idsOf(await listAll(fetchPage, { limit: 3, proof }))).toEqual([...five, "f"]);
  });

  test("each time is given up after four rounds", async () => {
    const { fetchPage, asked } = server(five, { before: (page, live) => void live.push(`more-${page}`) });
    expect(await listAll(fetchPage, { limit: 3, proof })).toBeUndefined();
    expect(asked.filter(({ offset }) => offset === 0)).toHaveLength(4);
  });
});

describe("a row lost on an earlier page and another got at the end, so that the totals stay", () => {
  const change = (page: number, live: string[]) => {
    if (page !== 1) return;
    live.shift();
    live.push("f");
  };

  test.each([true, false])("shows with proof (totals: %s), and the list is read anew", async (totals) => {
    const { fetchPage } = server(five, { totals, before: change });
    expect(idsOf(await listAll(fetchPage, { limit: 3, proof: true }))).toEqual(["b", "c", "d", "e", "f"]);
  });

  test("is why proof exists: without it a live row is on no page", async () => {
    const { fetchPage } = server(five, { before: change });
    expect(idsOf(await listAll(fetchPage, { limit: 3 }))).toEqual(["a", "b", "c", "e", "f"]);
  });
});

describe("over HTTP", () => {
  const sandbox = useSandbox({ seed: seedWith({ sources: 1001 }) });

  test("1,001 connections are two pages of 1,000, with proof or without", async () => {
    for (let number = 1; number <= 1001; number++) {
      sandbox().connect({ source: `source-${number}`, sink: "observability" });
    }
    const client = clientFor(sandbox(), "observability");
    for (const [proof, second] of [
      [false, "1000"],
      [true, "999"],
    ] as const) {
      sandbox().clearRequests();
      const { connections } = await client.list({ proof });
      expect(new Set(connections.map(({ id }) => id)).size).toBe(1001);
      expect(sandbox().requests.map(({ query }) => [query["limit"], query["offset"]])).toEqual([
        ["1000", "0"],
        ["1000", second],
      ]);
    }
  });

  test("a page that lacks rows once is read anew", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().fail({ moment: "before", what: { kind: "short-page", drop: 1 } });
    expect((await clientFor(sandbox()).list()).connections).toHaveLength(1);
  });

  test("pages that lack rows each time are the error incomplete-listing", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "short-page", drop: 1 } });
    const error = await failureOf(clientFor(sandbox()).list());
    expect(error.code).toBe("incomplete-listing");
    expect(error.message).toContain('organization "payments"');
  });
});
