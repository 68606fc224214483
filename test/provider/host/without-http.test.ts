/** The files that a host loads before its first request: the engine starts it for each operation, and the HTTP client takes half of that time. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../tree.js";

test.each([
  ["the dynamic host", "provider/dist/host.js"],
  ["the plugin", "plugin/dist/server.js"],
])("%s loads no HTTP client at its start", (_, entry) => {
  const file = path.join(ROOT, entry);
  const script = `require(${JSON.stringify(file)}); console.log(Object.keys(require.cache).join("\\n"))`;
  const loaded = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim().split("\n");
  expect(loaded).toContain(file);
  expect(loaded.filter((one) => readFileSync(one, "utf8").includes("class AxiosHeaders"))).toEqual([]);
});
