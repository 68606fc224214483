import { ROOT } from "../../tree.js";
import { readFileSync } from "node:fs";
import path from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { format } from "prettier";
import { expect, test } from "vitest";
import { policySchema } from "../../../cli/src/policy/policy.js";

const FILE = path.join(ROOT, "cli/policy.schema.json");

test("the published schema matches the code (update it with `npx vitest run test/cli/policy/schema.test.ts -u`)", async () => {
  // JSON Schema cannot require that a string is a regular expression, so that is left out.
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
