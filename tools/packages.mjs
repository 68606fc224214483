/** The folders of the packages of this repository. */
export const PACKAGES = ["core", "provider", "plugin", "sandbox", "cli"];
