import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Adds the examples of a resource or a function to its description. The generator of each language keeps the code of
 * its own language between these marks (pulumi/pulumi, pkg/codegen/docs.go).
 * @param {string} root
 * @param {string} name
 * @param {string} description
 */
export function addExamples(root, name, description) {
  const examples = readFileSync(join(root, "tools", "schema", "examples", `${name}.txt`), "utf8");
  return `${description}

{{% examples %}}
## Example Usage

{{% example %}}

${examples.trim()}

{{% /example %}}
{{% /examples %}}`;
}
