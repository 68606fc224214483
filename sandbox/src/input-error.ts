/** Somebody asked the sandbox itself (not the imitated API) for something that cannot be. */
export class SandboxInputError extends Error {
  override readonly name = "SandboxInputError";
}
