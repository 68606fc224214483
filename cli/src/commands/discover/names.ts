/** An organization that a program has to name. */
export interface Named {
  /** UUID. */
  id: string;
  /** Its name at Datadog, where that is known. */
  name?: string;
  /** The name under which its keys are configured. */
  configured?: string;
}

/**
 * What the program calls each organization, by UUID: its name at Datadog, with the UUID where that name alone does not
 * tell it from another one.
 */
export function labelsOf(organizations: readonly Named[]): Map<string, string> {
  return distinct(
    organizations,
    ({ name = "" }) => (name.trim() === "" ? "" : name),
    (name, id) => `${name} (${id})`,
  );
}

/**
 * Each organization as a part of a resource's name, by UUID: `payments`, `acme-observability`. The configured name goes
 * before the one at Datadog.
 */
export function slugsOf(organizations: readonly Named[]): Map<string, string> {
  return distinct(
    organizations,
    ({ configured, name = "" }) => slug(configured ?? name),
    (name, id) => `${name}-${id}`,
  );
}

/** Takes a name that is not taken: this one, or this one with the id, or with a number too. */
export function take(taken: Set<string>, name: string, id: string): string {
  let free = name;
  for (let number = 1; taken.has(free); number++) free = `${name}-${id}${number === 1 ? "" : `-${number}`}`;
  taken.add(free);
  return free;
}

/** More signs of a name than this make no resource easier to tell. */
const MOST = 60;

function slug(name: string): string {
  const plain = name
    .normalize("NFKD")
    // Accents only: the marks of other scripts are part of their letters.
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-/, "");
  return Array.from(plain).slice(0, MOST).join("").replace(/-$/, "");
}

/** The names, by UUID. One that several have, or that an object literal takes for something else, gets the UUID too. */
function distinct(
  organizations: readonly Named[],
  called: (organization: Named) => string,
  withId: (name: string, id: string) => string,
): Map<string, string> {
  const owners = new Map<string, Set<string>>();
  for (const one of organizations) {
    const name = called(one);
    owners.set(name, (owners.get(name) ?? new Set()).add(one.id));
  }
  const taken = new Set<string>();
  const nameOf = (one: Named): string => {
    const name = called(one);
    if (name === "") return one.id;
    return name === "__proto__" || owners.get(name)?.size !== 1 ? withId(name, one.id) : name;
  };
  return new Map(organizations.map((one) => [one.id, take(taken, nameOf(one), one.id)]));
}
