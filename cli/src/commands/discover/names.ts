/** An organization that a program has to name. */
export interface NamedOrganization {
  /** UUID. */
  id: string;
  /** Its name in Datadog, if known. */
  name?: string;
  /** The name under which its credentials are configured. */
  configured?: string;
}

/** Creates the label of each organization in the program, by UUID: its name in Datadog, made unique with the UUID, or only the UUID. */
export function createLabels(organizations: readonly NamedOrganization[]): Map<string, string> {
  return createUniqueNames(
    organizations,
    ({ name = "" }) => (name.trim() === "" ? "" : name),
    (name, id) => `${name} (${id})`,
  );
}

/**
 * Creates the slug of each organization for resource names, by UUID: `payments`, `acme-observability`. The configured name
 * takes precedence over the name in Datadog.
 */
export function createSlugs(organizations: readonly NamedOrganization[]): Map<string, string> {
  return createUniqueNames(
    organizations,
    ({ configured, name = "" }) => toSlug(configured ?? name),
    (name, id) => `${name}-${id}`,
  );
}

/** Reserves a free name: the given one, or one with the ID, or one with the ID and a number. */
export function reserveName(taken: Set<string>, name: string, id: string): string {
  let free = name;
  for (let number = 1; taken.has(free); number++) free = `${name}-${id}${number === 1 ? "" : `-${number}`}`;
  taken.add(free);
  return free;
}

/** The maximum length of an organization's name in a resource name, in characters. */
const MAX_LENGTH = 60;

function toSlug(name: string): string {
  const plain = name
    .normalize("NFKD")
    // Accents are removed. Other marks, such as the vowel signs of Hindi, are part of their letters.
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-/, "");
  return Array.from(plain).slice(0, MAX_LENGTH).join("").replace(/-$/, "");
}

/**
 * Creates the names, by UUID. A name that is not unique, or has a special meaning in an object literal, gets the UUID too. If a name is
 * empty, the UUID takes its place.
 */
function createUniqueNames(
  organizations: readonly NamedOrganization[],
  getBaseName: (organization: NamedOrganization) => string,
  formatNameAndId: (name: string, id: string) => string,
): Map<string, string> {
  const idsByName = new Map<string, Set<string>>();
  for (const organization of organizations) {
    const name = getBaseName(organization);
    idsByName.set(name, (idsByName.get(name) ?? new Set()).add(organization.id));
  }
  const taken = new Set<string>();
  const getName = (organization: NamedOrganization): string => {
    const name = getBaseName(organization);
    if (name === "") return organization.id;
    return name === "__proto__" || idsByName.get(name)?.size !== 1
      ? formatNameAndId(name, organization.id)
      : name;
  };
  return new Map(organizations.map((one) => [one.id, reserveName(taken, getName(one), one.id)]));
}
