import { ROOT } from "../../tree.js";
import { readFileSync } from "node:fs";
import path from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { format } from "prettier";
import { expect, test } from "vitest";
import { policySchema } from "../../../cli/src/policy/policy.js";

const FILE = path.join(ROOT, "cli/policy.schema.json");

test("the published schema is that of the code (`npx vitest run test/cli/policy/schema.test.ts -u` writes it)", async () => {
  // What JSON Schema cannot say, that a text is a regular expression, is left out.
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Policy of datadog-org-connections review",
    ...toJsonSchema(policySchema, { errorMode: "ignore" }),
  };
  await expect(await format(JSON.stringify(schema), { parser: "json", printWidth: 110 })).toMatchFileSnapshot(
    FILE,
  );
});

test("the package publishes it", () => {
  const { files, exports } = JSON.parse(readFileSync(path.resolve(FILE, "../package.json"), "utf8")) as {
    files: string[];
    exports: Record<string, unknown>;
  };
  expect(files).toContain("policy.schema.json");
  expect(exports["./policy.schema.json"]).toBe("./policy.schema.json");
});
