import * as v from "valibot";

/** The recorded form of a creation time. Other forms are refused, because `startAfter` slices the string. */
export const timestampSchema = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);

/**
 * Generates creation times in the recorded form, `2025-08-26T20:19:36.177236+00:00`. Each is at least one microsecond
 * later than the previous one, so that the list is in order of creation even if the clock does not advance.
 */
export class TimestampSequence {
  #last = 0;

  constructor(private readonly now: () => Date) {}

  /** Creates the next creation time. */
  createNext(): string {
    this.#last = Math.max(this.now().getTime() * 1000, this.#last + 1);
    const milliseconds = Math.floor(this.#last / 1000);
    const microseconds = String(this.#last - milliseconds * 1000).padStart(3, "0");
    return `${new Date(milliseconds).toISOString().slice(0, 23)}${microseconds}+00:00`;
  }

  /** Ensures that the next results are later than this timestamp. */
  startAfter(timestamp: string): void {
    const milliseconds = Date.parse(`${timestamp.slice(0, 23)}Z`);
    this.#last = Math.max(this.#last, milliseconds * 1000 + Number(timestamp.slice(23, 26)));
  }
}
