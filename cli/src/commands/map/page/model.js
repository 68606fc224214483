/**
 * The data of the page, which html.ts writes. Numbers are indexes of `organizations`, `connections` and `links`.
 *
 * @typedef {{ id: string, name: string }} Organization
 * @typedef {{ id?: string, source: number, sink: number, types: string[], declaredTypes?: string[],
 *   createdAt?: string, createdBy?: string, managedBy?: string[] }} Connection
 * @typedef {{ organizations: Organization[], connections: Connection[], links: number[][], stacksKnown: boolean }} Data
 */

/**
 * @param {Data} data
 */
function createModel(data) {
  const { organizations, connections, links } = data;
  /** @type {number[][]} */
  const outgoing = organizations.map(() => []);
  /** @type {number[][]} */
  const incoming = organizations.map(() => []);
  connections.forEach(({ source, sink }, index) => {
    outgoing[source]?.push(index);
    incoming[sink]?.push(index);
  });
  /** @type {number[]} */
  const linkByConnection = [];
  links.forEach((connectionIndexes, link) => {
    for (const index of connectionIndexes) linkByConnection[index] = link;
  });
  const searchable = organizations.map(({ name, id }) => [normalize(name), id]);

  return {
    ...data,
    /** @param {number} organization */
    getOutgoing: (organization) => outgoing[organization] ?? [],
    /** @param {number} organization */
    getIncoming: (organization) => incoming[organization] ?? [],
    /**
     * Collects the organizations and links of connections.
     * @param {Iterable<number>} connectionIndexes
     */
    collectParts(connectionIndexes) {
      const linkedOrganizations = new Set();
      const linkIndexes = new Set();
      for (const index of connectionIndexes) {
        const connection = connections[index];
        if (!connection) continue;
        linkedOrganizations.add(connection.source).add(connection.sink);
        linkIndexes.add(linkByConnection[index]);
      }
      return { organizations: linkedOrganizations, links: linkIndexes };
    },
    /**
     * Finds organizations by a part of their name or UUID, without regard to case and accents. Names that start with it
     * come first.
     * @param {string} text
     */
    find(text) {
      const query = normalize(text);
      if (query === "") return [];
      const found = searchable.flatMap((values, index) =>
        values.some((value) => value?.includes(query)) ? [index] : [],
      );
      const getRank = (/** @type {number} */ index) =>
        Number(searchable[index]?.[0]?.startsWith(query) ?? false);
      return found.sort((a, b) => getRank(b) - getRank(a) || a - b);
    },
  };
}

/** @param {string} text */
function normalize(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/**
 * Formats `3 months ago`. Returns an empty string for an invalid date.
 * @param {string | undefined} date RFC 3339
 */
function formatAge(date, now = Date.now()) {
  const days = Math.floor((now - Date.parse(date ?? "")) / 86_400_000);
  if (Number.isNaN(days)) return "";
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (days < 60) return format.format(-days, "day");
  return days < 730
    ? format.format(-Math.floor(days / 30.44), "month")
    : format.format(-Math.floor(days / 365.25), "year");
}
