import type { Connection, Page } from "./parse.js";
import type { User } from "./parse-users.js";
import { PAGE_LIMIT } from "./routes.js";

/** A complete list of connections. */
export interface Listing {
  connections: Connection[];
  /** The creators of these connections, as far as the answers include them; each once. */
  users?: User[] | undefined;
  /** The server's clock when the list was begun, in milliseconds; its `Date` header has whole seconds. */
  date?: number | undefined;
}

/** How often a list that changes under our hands is begun anew. */
const ROUNDS = 4;
/** More pages than any account can have: a server that never ends is an error, not a wait, and not asked again. */
const MAX_PAGES = 100;

const ENDLESS = "endless";

/**
 * The whole list, or `undefined` when it could not be had complete: rows missing against the page totals, or a list
 * that changed while it was read, each time anew.
 *
 * The list is ordered by creation (R), so new rows come last, and a row deleted on an earlier page moves all later
 * ones up: one of them is then on no page. Totals show that unless a row was added meanwhile. With `proof`, pages
 * overlap by one row, which shows it always; that is the form on which "it is gone" may be founded.
 */
export async function listAll(
  fetchPage: (query: { limit: number; offset: number }) => Promise<Page>,
  options: { proof?: boolean; limit?: number } = {},
): Promise<Listing | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const listing = await readPages(fetchPage, options.limit ?? PAGE_LIMIT, options.proof ? 1 : 0);
    if (listing === ENDLESS) return undefined;
    if (listing) return listing;
  }
  return undefined;
}

async function readPages(
  fetchPage: (query: { limit: number; offset: number }) => Promise<Page>,
  limit: number,
  overlap: number,
): Promise<Listing | typeof ENDLESS | undefined> {
  const rows = new Map<string, Connection>();
  const users = new Map<string, User>();
  let last: string | undefined;
  let total: number | undefined;
  let date: number | undefined;
  const listing = (): Listing => ({
    connections: [...rows.values()],
    users: users.size > 0 ? [...users.values()] : undefined,
    date,
  });
  for (let page = 0; page < MAX_PAGES; page++) {
    const shared = page === 0 ? 0 : overlap;
    const answer = await fetchPage({ limit, offset: rows.size - shared });
    if (page > 0 && answer.total !== total) return undefined;
    total = answer.total;
    if (page === 0) date = answer.date;
    for (const user of answer.users ?? []) users.set(user.id, user);
    if (shared === 1 && answer.connections[0]?.id !== last) return undefined;
    const fresh = answer.connections.slice(shared);
    for (const row of fresh) {
      if (rows.has(row.id)) return undefined;
      rows.set(row.id, row);
      last = row.id;
    }
    if (total !== undefined && rows.size >= total) return rows.size === total ? listing() : undefined;
    // Without totals only an empty page tells the end; with totals an empty page here means that rows are missing.
    if (fresh.length === 0) return total === undefined ? listing() : undefined;
  }
  return ENDLESS;
}
