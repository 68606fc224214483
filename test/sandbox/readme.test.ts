import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../tree.js";
import { useSandbox } from "./harness.js";

const folder = path.join(ROOT, "sandbox");
const readme = readFileSync(path.join(folder, "README.md"), "utf8");
const sandbox = useSandbox();

test("the example of the README runs, and prints the output in its comment", () => {
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const printed = /console\.log\(.*\); \/\/ (.*)/.exec(code)?.[1];
  // In the folder of the package, where its name resolves to its build.
  const out = execFileSync(process.execPath, ["-e", code], { cwd: folder, encoding: "utf8" });
  expect([printed, out]).toEqual(["200 1", "200 1\n"]);
});

test("the README lists each kind of fault, and no other", () => {
  const named = /what\.kind` is one of:\n\n(.*?)\n\n/s.exec(readme)?.[1] ?? "";
  const kinds = [...named.matchAll(/`(.*?)`/g)].map(([, kind]) => kind);
  expect(() => sandbox().fail({ moment: "before", what: { kind: "none" } as never })).toThrow(
    new RegExp(`must be one of ${kinds.join(", ")}$`),
  );
});
