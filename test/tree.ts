import path from "node:path";

/** The root of the tree. */
export const ROOT = path.resolve(import.meta.dirname, "..");
