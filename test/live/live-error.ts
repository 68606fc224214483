/** The run stops, or does not start. The message says why, and what to do next. It contains no credential. */
export class LiveError extends Error {
  override readonly name = "LiveError";
}
