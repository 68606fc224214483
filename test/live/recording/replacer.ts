/** The kinds of values that a recording replaces, and the forms of their replacements. */

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;
const EMAIL = /^[^\s@"'<>]+@[^\s@"'<>]+\.[a-z]{2,}$/i;

/** The kind of a value. A `name` is any other string where a name is expected. */
type ValueKind = "uuid" | "date" | "email" | "name";

/** Finds the kind of a string. Returns `undefined` if it has none of these forms. */
export function findKind(value: string): Exclude<ValueKind, "name"> | undefined {
  if (UUID.test(value)) return "uuid";
  if (DATE.test(value)) return "date";
  return EMAIL.test(value) ? "email" : undefined;
}

/**
 * Describes the form of a value, apart from the value itself: the case of a UUID, the precision and the offset of a date. A
 * replacement has the form of what it replaces.
 */
export function describeForm(kind: ValueKind, value: string): string {
  if (kind === "uuid") return isUpperCase(value) ? "upper case" : "lower case";
  const [, fraction = "", offset = ""] = (kind === "date" && DATE.exec(value)) || [];
  return `${fraction.length} ${offset}`;
}

/** Creates the replacement number `count` of a value, with the form of the value. */
function createReplacement(kind: ValueKind, count: number, value: string): string {
  switch (kind) {
    case "uuid": {
      // The letters show the case.
      const id = `abcdefab-cdef-4000-8000-${count.toString(16).padStart(12, "0")}`;
      return isUpperCase(value) ? id.toUpperCase() : id;
    }
    case "date": {
      const [, fraction = "", offset = ""] = DATE.exec(value) ?? [];
      const time = new Date(Date.UTC(2001, 0, 1) + count * 1000).toISOString().slice(0, 19);
      return time + fraction.replaceAll(/\d/g, "0") + offset;
    }
    case "email":
      return `user-${count}@example.com`;
    case "name":
      return `Name ${count}`;
  }
}

const isUpperCase = (value: string): boolean => value !== value.toLowerCase();

const EMBEDDED_UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const EMBEDDED_DATE = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g;
const EMBEDDED_EMAIL = /[^\s@"'<>(),:]+@[^\s@"'<>(),:]+\.[a-z]{2,}/gi;

/** Replaces values by others of the same kind. The same value always has the same replacement. */
export class Replacer {
  readonly #replacements = new Map<string, string>();
  readonly #counts: Record<ValueKind, number> = { uuid: 0, date: 0, email: 0, name: 0 };

  /** Replaces a string, which is a name if it has no other form. */
  replace(value: string): string {
    const kind = findKind(value) ?? "name";
    // The case of a UUID is a part of its form, not of its identity.
    const identity = kind === "uuid" ? value.toLowerCase() : value;
    const key = `${kind} ${identity}`;
    const replacement =
      this.#replacements.get(key) ?? createReplacement(kind, ++this.#counts[kind], identity);
    this.#replacements.set(key, replacement);
    return identity === value ? replacement : replacement.toUpperCase();
  }

  /** Replaces all values in a text, such as a message: each ID, date and address, and the names that were replaced already. */
  replaceAll(text: string): string {
    const names = [...this.#replacements]
      .filter(([key]) => key.startsWith("name "))
      .map(([key, replacement]): [string, string] => [key.slice("name ".length), replacement])
      .sort(([a], [b]) => b.length - a.length);
    let replaced = text;
    for (const pattern of [EMBEDDED_UUID, EMBEDDED_DATE, EMBEDDED_EMAIL])
      replaced = replaced.replaceAll(pattern, (value) => this.replace(value));
    for (const [name, replacement] of names)
      if (name !== "") replaced = replaced.replaceAll(name, replacement);
    return replaced;
  }

  /** Lists the values that were replaced: names, and all others. */
  listReplaced(): { names: string[]; others: string[] } {
    const values = [...this.#replacements.keys()].map((key) => [
      key.startsWith("name "),
      key.slice(key.indexOf(" ") + 1),
    ]);
    const select = (isName: boolean) =>
      values.flatMap(([is, value]) => (is === isName ? [String(value)] : []));
    return { names: select(true), others: select(false) };
  }
}
