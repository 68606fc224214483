import { describeForm, findKind } from "./values.js";

const EMBEDDED_UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * Which generated value of a replay corresponds to which replacement in the recording, such as the ID of a connection. Each value
 * corresponds to exactly one.
 */
export class Bindings {
  readonly #actualByExpected = new Map<string, string>();
  readonly #expectedByActual = new Map<string, string>();

  /** @param constants - the values that are the same in both: those of the seed */
  constructor(constants: readonly string[]) {
    for (const value of constants) this.#bind(value.toLowerCase(), value.toLowerCase());
  }

  /** Whether a value corresponds to a recorded one. Binds them if both are new and have the same form. */
  matches(expected: string, actual: string): boolean {
    const kind = findKind(expected);
    if (kind === undefined || kind !== findKind(actual)) return this.translateAll(expected) === actual;
    if (describeForm(kind, expected) !== describeForm(kind, actual)) return false;
    const [a, b] = [expected.toLowerCase(), actual.toLowerCase()];
    const isNew = !this.#actualByExpected.has(a) && !this.#expectedByActual.has(b);
    if (isNew) this.#bind(a, b);
    return this.#actualByExpected.get(a) === b;
  }

  /** Replaces the recorded IDs in a text by those of the replay. */
  translateAll(text: string): string {
    return text.replaceAll(EMBEDDED_UUID, (id) => {
      const actual = this.#actualByExpected.get(id.toLowerCase()) ?? id;
      return id === id.toLowerCase() ? actual : actual.toUpperCase();
    });
  }

  #bind(expected: string, actual: string): void {
    this.#actualByExpected.set(expected, actual);
    this.#expectedByActual.set(actual, expected);
  }
}
