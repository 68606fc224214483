import type { Connection, Page } from "./parse.js";
import type { User } from "./parse-users.js";
import { PAGE_LIMIT } from "./routes.js";

/** A complete list of connections. */
export interface Listing {
  connections: Connection[];
  /** The creators of these connections, as far as the responses include them, without duplicates. */
  users?: User[] | undefined;
  /**
   * The server's time at the first page, in milliseconds, from the `Date` header, which has whole seconds.
   */
  date?: number | undefined;
}

/** Maximum attempts to read a list that changes during the read. */
const MAX_ATTEMPTS = 4;
/**
 * More pages than any account can have. A server that sends more is faulty, so the read fails without another
 * attempt.
 */
const MAX_PAGES = 100;

const TOO_MANY_PAGES = "too-many-pages";

/**
 * Reads the whole list. Returns `undefined` if it cannot be read completely: its rows do not match its total,
 * it has too many pages, or it changed during each of the attempts.
 *
 * The list is ordered by creation time (seen in recorded responses, see wire.ts), so new rows come last. If a row of an earlier
 * page is deleted during the read, all later rows move up, and the read misses one of them. The total, if
 * there is one, reveals this, unless a row was added at the same time. With `provesAbsence`, pages overlap by one row, which always reveals
 * it. Only such a list proves that a connection no longer exists.
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
    // Without totals, only a page without new rows marks the end. With totals, it means that rows are missing.
    if (newRows.length === 0) return total === undefined ? buildListing() : undefined;
  }
  return TOO_MANY_PAGES;
}
