import * as v from "valibot";

/** The recorded form of a time of creation (R). The next one is calculated from its parts, so another form is refused. */
export const timestamp = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);

/**
 * Times of creation in the recorded form (R), `2025-08-26T20:19:36.177236+00:00`. Each is later than the one before,
 * by a microsecond at least, so that the order of the list is the order of creation even on a clock that stands still.
 */
export class Timestamps {
  #last = 0;

  constructor(private readonly now: () => Date) {}

  /** The next one. */
  next(): string {
    this.#last = Math.max(this.now().getTime() * 1000, this.#last + 1);
    const milliseconds = Math.floor(this.#last / 1000);
    const rest = String(this.#last - milliseconds * 1000).padStart(3, "0");
    return `${new Date(milliseconds).toISOString().slice(0, 23)}${rest}+00:00`;
  }

  /** All further ones come after this one. */
  startAfter(timestamp: string): void {
    const milliseconds = Date.parse(`${timestamp.slice(0, 23)}Z`);
    this.#last = Math.max(this.#last, milliseconds * 1000 + Number(timestamp.slice(23, 26)));
  }
}
