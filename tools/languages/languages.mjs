import { join } from "node:path";
import { createGo } from "./go.mjs";
import { createPython } from "./python.mjs";
import { createTypescript } from "./typescript.mjs";
import { yaml } from "./yaml.mjs";

/**
 * Creates all languages.
 * @param {{ sdks: string, python: string, isSdkInstalled?: boolean }} options the folder of the generated SDKs
 *   (`npm run sdks`); the executable of a virtual environment; whether the SDK for Node is installed in a parent
 *   folder of the programs
 */
export const createLanguages = ({ sdks, python, isSdkInstalled = false }) => ({
  yaml,
  typescript: createTypescript(isSdkInstalled ? {} : { sdk: join(sdks, "nodejs") }),
  python: createPython({ sdk: join(sdks, "python"), python }),
  go: createGo({ sdk: join(sdks, "go") }),
});
