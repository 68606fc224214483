import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../tree.js";

/** The path of a file in `test/cli/fixtures`. */
export const getFixturePath = (name: string): string => path.join(ROOT, "test/cli/fixtures", name);

/** Reads a file in `test/cli/fixtures`, as text. */
const readFixture = (name: string): string => readFileSync(getFixturePath(name), "utf8");

/** Reads a file in `test/cli/fixtures`, as JSON. */
export const readJsonFixture = (name: string): unknown => JSON.parse(readFixture(name)) as unknown;
