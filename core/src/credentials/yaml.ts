import { createRequire } from "node:module";
import * as v from "valibot";

const librarySchema = v.object({
  load: v.function(),
  /** The default schema. In js-yaml 4, it is safe. */
  DEFAULT_SCHEMA: v.unknown(),
  /** The safe schema of js-yaml 3, whose `DEFAULT_SCHEMA` can run code. Missing in js-yaml 4. */
  DEFAULT_SAFE_SCHEMA: v.optional(v.unknown()),
});

/**
 * Parses YAML with js-yaml 3 or 4, a dependency of the Pulumi SDK. So the process with the credentials needs no other package for
 * YAML. The library is loaded by the first call, not by the import of this module.
 *
 * @returns `undefined` if the string is not YAML, or the library is not found
 */
export function parseYaml(text: string): unknown {
  try {
    const sdk = createRequire(__filename).resolve("@pulumi/pulumi/package.json");
    const { load, DEFAULT_SCHEMA, DEFAULT_SAFE_SCHEMA } = v.parse(
      librarySchema,
      createRequire(sdk)("js-yaml"),
    );
    return load(text, { schema: DEFAULT_SAFE_SCHEMA ?? DEFAULT_SCHEMA });
  } catch {
    return undefined;
  }
}
