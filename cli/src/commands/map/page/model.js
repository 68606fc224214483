/**
 * What the page knows, as topology/html.ts writes it. Places are those in `organizations`, `connections` and `links`.
 *
 * @typedef {{ id: string, name: string }} Organization
 * @typedef {{ id?: string, source: number, sink: number, types: string[], createdAt?: string, createdBy?: string,
 *   managedBy?: string[] }} Connection
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
  connections.forEach(({ source, sink }, at) => {
    outgoing[source]?.push(at);
    incoming[sink]?.push(at);
  });
  /** @type {number[]} */
  const linkOf = [];
  links.forEach((places, link) => {
    for (const at of places) linkOf[at] = link;
  });
  const folded = organizations.map(({ name, id }) => [fold(name), id]);

  return {
    ...data,
    /** @param {number} organization */
    outgoing: (organization) => outgoing[organization] ?? [],
    /** @param {number} organization */
    incoming: (organization) => incoming[organization] ?? [],
    /**
     * The organizations and links of some connections.
     * @param {Iterable<number>} places
     */
    around(places) {
      const ends = new Set();
      const lines = new Set();
      for (const at of places) {
        const one = connections[at];
        if (!one) continue;
        ends.add(one.source).add(one.sink);
        lines.add(linkOf[at]);
      }
      return { organizations: ends, links: lines };
    },
    /**
     * Organizations by a part of their name or UUID, case and accents aside; those whose name begins with it first.
     * @param {string} text
     */
    find(text) {
      const wanted = fold(text);
      if (wanted === "") return [];
      const found = folded.flatMap((texts, at) => (texts.some((one) => one?.includes(wanted)) ? [at] : []));
      const begins = (/** @type {number} */ at) => Number(folded[at]?.[0]?.startsWith(wanted) ?? false);
      return found.sort((a, b) => begins(b) - begins(a) || a - b);
    },
  };
}

/** @param {string} text */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/**
 * `3 months ago`; nothing for what is no date.
 * @param {string | undefined} date RFC 3339
 */
function ageOf(date, now = Date.now()) {
  const days = Math.floor((now - Date.parse(date ?? "")) / 86_400_000);
  if (Number.isNaN(days)) return "";
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (days < 60) return format.format(-days, "day");
  return days < 730
    ? format.format(-Math.floor(days / 30.44), "month")
    : format.format(-Math.floor(days / 365.25), "year");
}
