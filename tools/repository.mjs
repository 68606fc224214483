import { readFileSync } from "node:fs";
import { join } from "node:path";

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
 * The address of a file or folder in the repository, in the newest version of its default branch.
 * @param {Repository} repository
 * @param {string} file path from the root
 * @param {"file" | "folder" | "picture"} kind
 */
export function formatAddress({ url, owner, name }, file, kind) {
  if (kind === "picture") return `https://raw.githubusercontent.com/${owner}/${name}/HEAD/${file}`;
  return `${url}/${kind === "folder" ? "tree" : "blob"}/HEAD/${file}`;
}
