import { createRequire } from "node:module";
import * as v from "valibot";

const library = v.object({
  load: v.function(),
  /** Of js-yaml 4. */
  DEFAULT_SCHEMA: v.unknown(),
  /** Of js-yaml 3, whose default schema can run code. */
  DEFAULT_SAFE_SCHEMA: v.optional(v.unknown()),
});

/**
 * Parses YAML with the library that Pulumi's SDK itself depends on (js-yaml 3 or 4), so that the process that holds
 * credentials depends on no other package for it. Loaded when it is called.
 *
 * @returns none where the text is not YAML, or the library is not found
 */
export function parseYaml(text: string): unknown {
  try {
    const sdk = createRequire(__filename).resolve("@pulumi/pulumi/package.json");
    const { load, DEFAULT_SCHEMA, DEFAULT_SAFE_SCHEMA } = v.parse(library, createRequire(sdk)("js-yaml"));
    return load(text, { schema: DEFAULT_SAFE_SCHEMA ?? DEFAULT_SCHEMA });
  } catch {
    return undefined;
  }
}
