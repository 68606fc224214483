import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../tree.js";

interface Manifest {
  scripts: Record<string, string>;
}
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as Manifest;
const entries = Object.values(scripts).flatMap((line) => /^node (\S+\.mjs)/.exec(line)?.[1] ?? []);

/** Lists the packages that a script loads by its static imports, recursively. */
function listPackages(file: string, visited = new Set<string>()): string[] {
  if (visited.has(file)) return [];
  visited.add(file);
  const text = readFileSync(path.join(ROOT, file), "utf8");
  return [...text.matchAll(/^(?:import|export)\s(?:[^;]*?\sfrom\s)?"([^"]+)"/gm)].flatMap(([, name = ""]) => {
    if (name.startsWith("node:")) return [];
    return name.startsWith(".")
      ? listPackages(path.join(path.dirname(file), name), visited)
      : [`${file}: ${name}`];
  });
}

// Scripts load other packages dynamically, after `prepare` has installed them.
test.each([...new Set(entries)])(
  "%s starts in a clean clone: it has no static import of a package",
  (entry) => {
    expect(listPackages(entry)).toEqual([]);
  },
);

test("scripts and imported packages are detected", () => {
  expect(entries.length).toBeGreaterThan(5);
  expect(listPackages("bench/plot.mjs")).toEqual(["bench/plot.mjs: vega"]);
});
