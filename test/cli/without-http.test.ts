import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "../repository/source-files.js";

const MAIN = path.join(ROOT, "provider/dist/cli/main.js");
const folder = mkdtempSync(path.join(tmpdir(), "without-http-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The files that a command of the built package has loaded by its end. */
function loadedBy(args: string[], env: Record<string, string> = {}): string[] {
  const [list, preload] = [path.join(folder, "loaded.json"), path.join(folder, "preload.cjs")];
  const write = `require("fs").writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache)))`;
  writeFileSync(preload, `process.on("exit", () => ${write});\n`);
  spawnSync(process.execPath, ["--require", preload, MAIN, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    cwd: folder,
  });
  return JSON.parse(readFileSync(list, "utf8")) as string[];
}

const isHttp = (file: string) => /node_modules\/axios\/|dist\/client\/(client|http)\.js$/.test(file);

test.each([
  ["the help of all", ["--help"]],
  ["the help of review", ["review", "--help"]],
  ["the help of map", ["map", "--help"]],
  ["the help of sandbox", ["sandbox", "--help"]],
  ["the help of inventory", ["inventory", "--help"]],
  ["the help of discover", ["discover", "--help"]],
  ["the help of doctor", ["doctor", "--help"]],
  ["inventory without an organization to ask", ["inventory"]],
  ["discover without an organization to ask", ["discover"]],
  ["doctor without keys", ["doctor"]],
])("%s loads no HTTP client", (_, args) => {
  const files = loadedBy(args);
  expect(files).toContain(MAIN);
  expect(files.filter(isHttp)).toEqual([]);
});

test("a look at an organization does, so this test would see it", () => {
  const env = { DD_HOST: "http://127.0.0.1:1", DD_API_KEY: "a", DD_APP_KEY: "b" };
  expect(loadedBy(["doctor"], env).filter(isHttp)).not.toEqual([]);
});
