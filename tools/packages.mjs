/** The packages of this repository, by their folders. */
export const PACKAGES = ["core", "provider", "sandbox", "cli"];
