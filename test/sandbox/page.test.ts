import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "../tree.js";
import { parseSeed, startSandbox } from "../../sandbox/src/index.js";
import { useSandbox } from "./harness.js";

const folder = path.join(ROOT, "sandbox");
const page = readFileSync(path.join(ROOT, "docs/reference/sandbox.md"), "utf8");
const sandbox = useSandbox();

test("the example of the page runs, and prints the output in its comment", () => {
  const code = /```js\n(.*?)```/s.exec(page)?.[1] ?? "";
  const printed = /console\.log\(.*\); \/\/ (.*)/.exec(code)?.[1];
  // In the folder of the package, where its name resolves to its build.
  const out = execFileSync(process.execPath, ["-e", code], { cwd: folder, encoding: "utf8" });
  expect([printed, out]).toEqual(["200 1", "200 1\n"]);
});

test("the page lists each kind of fault, and no other", () => {
  const named = /what\.kind` is one of:\n\n(.*?)\n\n/s.exec(page)?.[1] ?? "";
  const kinds = [...named.matchAll(/`(.*?)`/g)].map(([, kind]) => kind);
  expect(() => sandbox().fail({ moment: "before", what: { kind: "none" } as never })).toThrow(
    new RegExp(`must be one of ${kinds.join(", ")}$`),
  );
});

test("the seed of the page is valid, and a sandbox starts with it", async () => {
  const seed = parseSeed(JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? ""));
  const own = await startSandbox({ seed });
  expect(own.listConnections()).toMatchObject([{ connectionTypes: ["logs", "metrics"] }]);
  await own.close();
});

/** Lists the members of the public interfaces in a file, such as `SandboxOptions.port`. */
function listMembers(file: string): string[] {
  const text = readFileSync(path.join(folder, "src", file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((node) => ts.isInterfaceDeclaration(node))
    .flatMap(({ name, members }) =>
      members.map((member) => `${name.text}.${member.name?.getText(source) ?? ""}`),
    );
}
const interfaces = {
  "options.ts": ["SandboxOptions"],
  "start-sandbox.ts": ["Sandbox"],
  "controls.ts": ["SandboxControls", "SandboxConnection"],
  "seed.ts": ["SandboxUser", "ConnectInput", "SeedOrganization", "SandboxSeed"],
  "organizations.ts": ["SandboxOrganization"],
  "rate-limit.ts": ["RateLimitOptions"],
  "request-log.ts": ["LoggedRequest"],
  "fault.ts": ["FaultTarget", "Fault", "ArmedFault"],
};
const members = Object.entries(interfaces).flatMap(([file, names]) =>
  listMembers(file).filter((member) => names.includes(member.split(".")[0] ?? "")),
);

test.each(members)("the page describes %s", (member) => {
  const name = member.split(".")[1] ?? "";
  const code = [...page.matchAll(/```.*?```|`([^`\n]+)`/gs)].map(([, inline]) => inline ?? "");
  expect(code.filter((one) => one.match(/\w+/g)?.includes(name))).not.toEqual([]);
});

test("members are found", () => {
  expect(members).toEqual(expect.arrayContaining(["SandboxOptions.latencyMs", "ArmedFault.release"]));
});
