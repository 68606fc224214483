/** An organization that a program may name. */
export interface NamedOrganization {
  /** UUID. */
  id: string;
  /** Its name in Datadog, if known. */
  name?: string;
  /** The name under which its credentials are configured. */
  configured?: string;
}

/**
 * Creates a label for each organization, for use in the program, and returns the labels by UUID. A label is the organization's name in
 * Datadog. If the name is not unique or is `__proto__`, the UUID is added. If the name is unknown or blank, the label is the UUID.
 */
export function createLabels(organizations: readonly NamedOrganization[]): Map<string, string> {
  return createUniqueNames(
    organizations,
    ({ name = "" }) => (name.trim() === "" ? "" : name),
    (name, id) => `${name} (${id})`,
  );
}

/**
 * Creates a slug, such as `payments` or `acme-observability`, for each organization, and returns the slugs by UUID. They are
 * for use in resource names. The configured name takes precedence over the name in Datadog.
 */
export function createSlugs(organizations: readonly NamedOrganization[]): Map<string, string> {
  return createUniqueNames(
    organizations,
    ({ configured, name = "" }) => toSlug(configured ?? name),
    (name, id) => `${name}-${id}`,
  );
}

/** Reserves a name that is not taken: `name`, or `name` with `id`, or `name` with `id` and a number. */
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
 * Creates a name for each organization, and returns the names by UUID. The UUID is added to a base name that is not unique, or that has a
 * special meaning in an object literal. If the base name is empty, the UUID is the name.
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
