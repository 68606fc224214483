import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import type { Violation } from "../../../../cli/src/policy/rules.js";
import { renderSarif, toRelativePath } from "../../../../cli/src/commands/review/sarif.js";
import { getResourceKey } from "../../../../cli/src/stack/resources.js";
import { createChange } from "../../changes/create-change.js";
import { useEngine } from "../../../engine/stack.js";
import { runCommand } from "../../run-command.js";
import { createReview } from "./create-review.js";
import { declareConnection } from "./programs.js";

const require = createRequire(import.meta.url);
const readJson = (file: string): object => JSON.parse(readFileSync(require.resolve(file), "utf8")) as object;
const ajv = new Ajv({ schemaId: "id", meta: false });
ajv.addMetaSchema(readJson("ajv/lib/refs/json-schema-draft-04.json"));
/** The JSON schema of SARIF 2.1.0, as published by its editors. */
const validate = ajv.compile(readJson("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));

interface Result {
  ruleId: string;
  level: string;
  message: { text: string };
  locations: [
    {
      physicalLocation?: { artifactLocation: { uri: string }; region?: object };
      logicalLocations: [{ name: string }];
    },
  ];
  partialFingerprints: Record<string, string>;
}

/** Parses SARIF that the schema accepts. */
function parseSarif(text: string) {
  const log = JSON.parse(text) as {
    runs: [
      {
        tool: { driver: { rules: { id: string }[] } };
        results: Result[];
        invocations: [{ executionSuccessful: boolean }];
      },
    ];
  };
  validate(log);
  expect(validate.errors).toBeNull();
  return log.runs[0];
}

const paths = { projectFolder: "infra", policyFile: "policy.json" };
const change = createChange("create", { resource: "to-hub" });
const createViolation = (more: Partial<Violation> = {}): Violation => ({
  rule: "reason",
  level: "error",
  at: "reason[0]",
  change,
  sentence: ["A connection needs a reason."],
  ...more,
});
const render = (violations: Violation[], more = {}) =>
  parseSarif(renderSarif(createReview({ hasPolicy: true, violations, ...more }), paths));

describe("violations as SARIF", () => {
  it("are at the line of the resource, and a hostile file or name is only text", () => {
    const position = { file: "a b/#1.ts", line: 12, column: 3 };
    const [result] = render(
      [createViolation({ sentence: [{ untrusted: "[x](https://evil.example) {0} \\ \u202e" }] })],
      { positions: new Map([[getResourceKey(change), position]]) },
    ).results;
    expect(result?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "infra/a%20b/%231.ts", uriBaseId: "%SRCROOT%" },
      region: { startLine: 12, startColumn: 3 },
    });
    expect(result?.message.text).toBe("\\[x\\](https://evil.example) {{0}} \\\\ \u202e");
  });

  it("are at the policy file if the preview does not show the line", () => {
    const [result] = render([createViolation()]).results;
    expect(result?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "policy.json", uriBaseId: "%SRCROOT%" },
    });
  });

  it("have the level of their rule, a rule of the list, and different fingerprints", () => {
    const { results, tool } = render([
      createViolation(),
      createViolation({ rule: "allow", at: "allow", level: "warning" }),
      createViolation({ at: "reason[1]" }),
      // One change can violate the allow-list by the types that are known and by those that are unknown.
      createViolation({ rule: "allow", at: "allow", level: "warning" }),
    ]);
    expect(results.map(({ level }) => level)).toEqual(["error", "warning", "error", "warning"]);
    const ids = new Set(tool.driver.rules.map(({ id }) => id));
    expect(results.every(({ ruleId }) => ids.has(ruleId))).toBe(true);
    expect(
      new Set(results.map(({ partialFingerprints }) => partialFingerprints["resourceAndRule/v1"])).size,
    ).toBe(4);
  });

  it("a failed preview is a failed invocation", () => {
    expect(render([], { outcome: "failed" }).invocations[0].executionSuccessful).toBe(false);
    expect(render([], { outcome: "none" })).toMatchObject({
      results: [],
      invocations: [{ executionSuccessful: true }],
    });
  });

  it.each([
    ["policy.json", "policy.json"],
    ["rules/../policy.json", "policy.json"],
    [".", ""],
    ["..", undefined],
    ["../policy.json", undefined],
    ["/etc/policy.json", undefined],
    ["..policy.json", "..policy.json"],
  ])("the path %s is %s in the working directory", (file, expected) => {
    expect(toRelativePath("/work/repository", file)).toBe(expected);
  });

  it("need a policy: exit 2", async () => {
    const { code, stdout, stderr } = await runCommand(["review", "--format", "sarif"], { stdin: "{}" });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--policy");
  });
});

describe("with the real engine", () => {
  const engine = useEngine();

  it("each violation is at the line that declares its resource, also in another file", async () => {
    const declare = (name: string, sink: string) => declareConnection(name, engine.getOrgId(sink), "logs");
    const stack = engine.createStack(
      `${declare("first", "observability")}\n\n  ${declare("second", "security")}\nrequire("./more.js")(OrgConnection);`,
    );
    stack.writeFile(
      "more.js",
      `module.exports = (OrgConnection) => {\n\n${declare("third", "search")}\n};\n`,
    );
    stack.writeFile("policy.json", JSON.stringify({ protect: [{}] }));
    const stdin = await stack.previewAsJson();
    const args = ["review", "--policy", "policy.json", "--format", "sarif"];
    const { code, stdout } = await runCommand(args, { stdin, cwd: stack.folder });
    expect(code).toBe(5);
    const lines = stack.readFile("index.js").split("\n");
    const getLine = (name: string) => lines.findIndex((line) => line.includes(`"${name}"`)) + 1;
    const found = parseSarif(stdout).results.map(
      ({ locations: [{ physicalLocation, logicalLocations }] }) => [
        logicalLocations[0].name,
        physicalLocation?.artifactLocation.uri,
        physicalLocation?.region,
      ],
    );
    expect(found).toEqual([
      ["first", "index.js", { startLine: getLine("first"), startColumn: 1 }],
      ["second", "index.js", { startLine: getLine("second"), startColumn: 3 }],
      ["third", "more.js", { startLine: 3, startColumn: 1 }],
    ]);
  });
});
