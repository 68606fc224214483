import { ROOT } from "../tree.js";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const SOURCE = path.join(ROOT, "provider/src");

/** One import of a file: `lifecycle/read.ts` imports `errors/org-connections-error.ts`, or a package by its name. */
export interface Import {
  from: string;
  target: string;
}

/** All files below a folder of the tree, relative to it. */
export function filesIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => path.relative(path.join(ROOT, folder), path.join(entry.parentPath, entry.name)));
}

/** Everything the files of a part of the provider import, types included. */
export function importsOf(part: string): Import[] {
  return filesIn("provider/src")
    .filter((file) => file === part || file.startsWith(`${part}/`))
    .flatMap((file) =>
      specifiersIn(readFileSync(path.join(SOURCE, file), "utf8")).map((to) => resolved(file, to)),
    );
}

/** The module names of static, type, side-effect and dynamic imports, of re-exports and of `require`. */
export function specifiersIn(text: string): string[] {
  const code = text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const forms = [
    /\bfrom\s+["']([^"']+)["']/g,
    /\bimport(?:\s*\(\s*|\s+)["']([^"']+)["']/g,
    /\brequire\(\s*["']([^"']+)["']/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map(([, name]) => name ?? ""));
}

function resolved(from: string, specifier: string): Import {
  if (!specifier.startsWith(".")) return { from, target: specifier };
  const target = path.join(path.dirname(from), specifier).replace(/\.js$/, ".ts");
  return { from, target };
}
