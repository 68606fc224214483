import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { root } from "../bootstrap.mjs";
import { bundleOptions, rawText } from "../bundle-options.mjs";

/**
 * Bundles a package and all its dependencies, also the libraries of the clouds, into one script: an executable must not load code
 * from the folders around it.
 * @param {"plugin" | "cli"} name
 * @param {readonly string[]} data files of other packages that the script reads
 * @returns {Promise<{ code: string, licenses: string }>} `licenses` has the license texts of all these packages
 */
export async function bundleScript(name, data) {
  // A dynamic import, because this module must load before packages are installed.
  const { build } = await import("tsdown");
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  const modules = new Set(data);
  const collectModules = {
    name: "collect-modules",
    /** @param {unknown} _ @param {Record<string, { type: string, moduleIds?: string[] }>} bundle */
    generateBundle(_, bundle) {
      for (const { moduleIds = [] } of Object.values(bundle)) for (const id of moduleIds) modules.add(id);
    },
  };
  try {
    await build({
      ...bundleOptions,
      cwd: join(root, name),
      entry: { main: "src/main.ts" },
      outDir: folder,
      tsconfig: join(root, "tsconfig.json"),
      hash: false,
      dts: false,
      noExternal: /./,
      outputOptions: { codeSplitting: false },
      plugins: [rawText, collectModules],
    });
    return { code: readFileSync(join(folder, "main.js"), "utf8"), licenses: formatLicenses(modules) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Formats the licenses of the packages that contain these modules.
 * @param {Iterable<string>} modules
 */
function formatLicenses(modules) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const id of modules) {
    const folder = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1];
    if (folder === undefined || !existsSync(join(folder, "package.json"))) continue;
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const files = readdirSync(folder)
      .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
      .toSorted();
    const content = files.map((file) => readFileSync(folder + sep + file, "utf8").trim());
    texts.set(`${name} ${version}`, [`${name} ${version} (${license})`, ...content].join("\n\n"));
  }
  return `${[...texts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
