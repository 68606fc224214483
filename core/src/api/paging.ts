import type { Connection, Page, User } from "./parse.js";
import { PAGE_LIMIT } from "./routes.js";

/** A complete list of connections. */
export interface Listing {
  connections: Connection[];
  /** The users in the responses, without duplicates: creators of these connections. Undefined if there are none. */
  users?: User[] | undefined;
  /** The server's time at the first page (`Date` header), in milliseconds since the epoch. The precision is one second. */
  date?: number | undefined;
}

/** Maximum attempts to read a list. Another attempt follows if an attempt fails: see {@link listAll}. */
const MAX_ATTEMPTS = 4;
/**
 * The maximum count of pages in a list. With 1,000 rows in each page, this is more than any account needs. A server that sends more
 * pages is faulty, so the read fails without another attempt.
 */
const MAX_PAGES = 100;

const TOO_MANY_PAGES = "too-many-pages";

/**
 * Reads the whole list. Returns `undefined` if the list has too many pages, or if every attempt fails. An attempt fails if it
 * detects that the list has changed during the read, or if the rows do not match the total.
 *
 * The list is ordered by creation time (recorded: see wire.ts), so new rows come last. If a row is deleted after its page was read,
 * all later rows move up, and the read misses one row. If the responses contain a total, a changed total reveals the deletion. But
 * if a row is added at the same time, the total does not change.
 *
 * With `provesAbsence`, each page after the first must start with the last row of the previous page. This overlap always reveals
 * the deletion. Only a list with overlapping pages proves that a connection no longer exists.
 */
export async function listAll(
  fetchPage: (query: { limit: number; offset: number }) => Promise<Page>,
  options: { provesAbsence?: boolean; limit?: number } = {},
): Promise<Listing | undefined> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const listing = await readPages(fetchPage, options.limit ?? PAGE_LIMIT, options.provesAbsence ? 1 : 0);
    if (listing === TOO_MANY_PAGES) return undefined;
    if (listing) return listing;
  }
  return undefined;
}

async function readPages(
  fetchPage: (query: { limit: number; offset: number }) => Promise<Page>,
  limit: number,
  overlap: number,
): Promise<Listing | typeof TOO_MANY_PAGES | undefined> {
  const rows = new Map<string, Connection>();
  const users = new Map<string, User>();
  let lastId: string | undefined;
  let total: number | undefined;
  let date: number | undefined;
  const buildListing = (): Listing => ({
    connections: [...rows.values()],
    users: users.size > 0 ? [...users.values()] : undefined,
    date,
  });
  for (let page = 0; page < MAX_PAGES; page++) {
    const overlapCount = page === 0 ? 0 : overlap;
    const response = await fetchPage({ limit, offset: rows.size - overlapCount });
    if (page > 0 && response.total !== total) return undefined;
    total = response.total;
    if (page === 0) date = response.date;
    for (const user of response.users ?? []) users.set(user.id, user);
    if (overlapCount === 1 && response.connections[0]?.id !== lastId) return undefined;
    const newRows = response.connections.slice(overlapCount);
    for (const row of newRows) {
      if (rows.has(row.id)) return undefined;
      rows.set(row.id, row);
      lastId = row.id;
    }
    if (total !== undefined && rows.size >= total) return rows.size === total ? buildListing() : undefined;
    // Without a total, a page without new rows is the end of the list. With a total, rows are missing.
    if (newRows.length === 0) return total === undefined ? buildListing() : undefined;
  }
  return TOO_MANY_PAGES;
}
