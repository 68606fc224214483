import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseMarkdown } from "./markdown.mjs";

/** @typedef {import("./markdown.mjs").Link} Link */
/** @typedef {import("./packed-package.mjs").Published} Published */

/** The page of the repository that is the README of each published package. */
export const README_OF = {
  provider: "README.md",
  plugin: "docs/guides/plugin.md",
  sandbox: "docs/reference/sandbox.md",
  cli: "docs/reference/command-line.md",
};

/**
 * Writes README.md and CHANGELOG.md of a package, which Git ignores, from the pages of the repository.
 * @param {string} root folder of the repository
 * @param {Published} name
 */
export function writePackagePages(root, name) {
  const repository = readRepository(root);
  const pages = { "README.md": README_OF[name], "CHANGELOG.md": "CHANGELOG.md" };
  for (const [file, page] of Object.entries(pages)) {
    const text = convertPage({ root, page, repository });
    writeFileAtomically(join(root, name, file), text);
  }
}

/**
 * Writes the fields that come from the repository to the package.json of a package, if they differ.
 * @param {string} root folder of the repository
 * @param {Published} name
 */
export function writeRepositoryFields(root, name) {
  const repository = readRepository(root);
  const file = join(root, name, "package.json");
  const before = readFileSync(file, "utf8");
  const manifest = JSON.parse(before);
  for (const field of ["repository", "homepage", "bugs"]) delete manifest[field];
  const fields = repository === undefined ? {} : createRepositoryFields(repository, name);
  const after = `${JSON.stringify({ ...manifest, ...fields }, undefined, 2)}\n`;
  if (after !== before) writeFileAtomically(file, after);
}

/**
 * Other tests may pack the same package at this moment.
 * @param {string} file
 * @param {string} text
 */
function writeFileAtomically(file, text) {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

/**
 * Returns a page for readers outside of the repository: its links to other pages, which are relative, become absolute. While
 * the repository is not known, such a link becomes its text, with the path of the page, and a picture its description.
 * @param {{ root: string, page: string, repository: Repository | undefined }} options
 */
function convertPage({ root, page, repository }) {
  let text = readFileSync(join(root, page), "utf8");
  // From the end, so that the offsets of the others remain valid.
  for (const link of parseMarkdown(text).links.toReversed()) {
    if (isIndependent(link.url)) continue;
    const [target = "", anchor] = link.url.split("#");
    const file = posix.join(posix.dirname(page), target);
    const hash = anchor === undefined ? "" : `#${anchor}`;
    const kind = link.isPicture ? "picture" : statSync(join(root, file)).isDirectory() ? "folder" : "file";
    text =
      repository === undefined
        ? replacePart(text, link.start, link.end, formatAsText(link, file))
        : replacePart(text, link.urlStart, link.urlEnd, formatAddress(repository, file, kind) + hash);
  }
  return text;
}

/**
 * Whether a link leads to the same place from every folder.
 * @param {string} url
 */
const isIndependent = (url) => url.startsWith("#") || /^[a-z]+:/.test(url);

/**
 * @param {Link} link
 * @param {string} file
 */
function formatAsText({ text, isPicture }, file) {
  if (isPicture) return `_Picture: ${text}_`;
  return text.replaceAll("`", "") === file ? text : `${text} (\`${file}\`)`;
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {string} replacement
 */
const replacePart = (text, start, end, replacement) => text.slice(0, start) + replacement + text.slice(end);

/**
 * The address of the public repository: the value `repository` of the root package.json. All links from packages to the
 * repository are built from it.
 * @typedef {{ url: string, owner: string, name: string }} Repository
 */

const FORM = /^https:\/\/github\.com\/([\w-]+)\/([\w.-]+?)$/;

/**
 * @param {string} root folder of the repository
 * @returns {Repository | undefined} undefined while the value is not set
 */
export function readRepository(root) {
  const { repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (repository === undefined) return undefined;
  const [url, owner, name] = typeof repository === "string" ? (FORM.exec(repository) ?? []) : [];
  if (url === undefined || owner === undefined || name === undefined || name.endsWith(".git")) {
    throw new Error(
      '`repository` in the root package.json must be a string of the form "https://github.com/OWNER/NAME".',
    );
  }
  return { url, owner, name };
}

/**
 * The fields of a package's package.json that come from the repository.
 * @param {Repository} repository
 * @param {string} folder folder of the package
 */
export const createRepositoryFields = ({ url }, folder) => ({
  repository: { type: "git", url: `git+${url}.git`, directory: folder },
  homepage: `${url}#readme`,
  bugs: { url: `${url}/issues` },
});

/**
 * The fields of the plugin's schema that come from the repository, for the Pulumi Registry and for the download of the plugin
 * (https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/).
 * @param {Repository} repository
 */
export const createSchemaFields = (repository) => ({
  repository: repository.url,
  homepage: repository.url,
  publisher: repository.owner,
  logoUrl: formatAddress(repository, "plugin/logo.svg", "picture"),
  pluginDownloadURL: `${repository.url}/releases/download/v\${VERSION}`,
});

/**
 * The address of a file or folder in the repository, in the newest version of its default branch.
 * @param {Repository} repository
 * @param {string} file path from the root
 * @param {"file" | "folder" | "picture"} kind
 */
function formatAddress({ url, owner, name }, file, kind) {
  if (kind === "picture") return `https://raw.githubusercontent.com/${owner}/${name}/HEAD/${file}`;
  return `${url}/${kind === "folder" ? "tree" : "blob"}/HEAD/${file}`;
}
