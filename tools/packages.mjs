/** The folders of the packages of this repository. */
export const PACKAGES = ["core", "provider", "sandbox", "cli"];
