import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMarkdown } from "../../tools/markdown.mjs";
import {
  README_OF,
  writePackagePages,
  writeRepositoryFields,
  createRepositoryFields,
  createSchemaFields,
  readRepository,
} from "../../tools/package-pages.mjs";
import { packPackages, PUBLISHED } from "../../tools/packed-package.mjs";
import { ROOT } from "../tree.js";

const URL_OF_TEST = "https://github.com/acme/org-connections";
const place = mkdtempSync(path.join(tmpdir(), "package-pages-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The links of a page, without those to its own headings. */
const listUrls = (text: string) =>
  parseMarkdown(text)
    .links.map(({ url }) => url)
    .filter((url) => !url.startsWith("#"));

const readManifest = (folder: string, name: string) =>
  JSON.parse(readFileSync(path.join(folder, name, "package.json"), "utf8")) as Record<string, unknown>;

const repository = readRepository(ROOT);
if (repository === undefined) {
  test.todo(
    "OPEN: `repository` in the root package.json is not set. Set it to https://github.com/OWNER/NAME, then run " +
      "`npm pack` in each package: links of the package pages to the repository are plain text until then",
  );
}

test.each(PUBLISHED)("package.json of %s has the fields of the repository, and no others", (name) => {
  const { repository: address, homepage, bugs } = readManifest(ROOT, name);
  const none = { repository: undefined, homepage: undefined, bugs: undefined };
  const expected = repository === undefined ? none : createRepositoryFields(repository, name);
  expect({ repository: address, homepage, bugs }).toEqual(expected);
});

describe("each tarball", () => {
  let tarballs: Awaited<ReturnType<typeof packPackages>>;
  beforeAll(async () => {
    tarballs = await packPackages(path.join(place, "tarballs"));
  }, 120_000);
  const readPacked = (name: (typeof PUBLISHED)[number], file: string) =>
    execFileSync("tar", ["-xzOf", tarballs[name], `package/${file}`], { encoding: "utf8" });

  test.each(PUBLISHED)("of %s has a README, a CHANGELOG and the license", (name) => {
    const title = /^# .*$/m.exec(readFileSync(path.join(ROOT, README_OF[name]), "utf8"))?.[0];
    expect(readPacked(name, "README.md")).toContain(title);
    expect(readPacked(name, "CHANGELOG.md")).toMatch(/^# Changelog/);
    expect(readPacked(name, "LICENSE")).toContain("Apache License");
  });

  test.each(PUBLISHED)("of %s has pages whose links work outside of the repository", (name) => {
    for (const file of ["README.md", "CHANGELOG.md"]) {
      const urls = listUrls(readPacked(name, file));
      expect(urls.filter((url) => !/^https?:\/\//.test(url))).toEqual([]);
    }
  });
});

describe("once `repository` is set", () => {
  const root = path.join(place, "repository");
  /** Links the files of a folder of the repository, except those that the test writes. */
  const linkFiles = (folder: string, except: readonly string[]) => {
    mkdirSync(path.join(root, folder));
    for (const name of readdirSync(path.join(ROOT, folder)).filter((one) => !except.includes(one))) {
      symlinkSync(path.join(ROOT, folder, name), path.join(root, folder, name));
    }
  };
  beforeAll(() => {
    linkFiles("", ["package.json", ...PUBLISHED]);
    writeFileSync(path.join(root, "package.json"), JSON.stringify({ repository: URL_OF_TEST }));
    for (const name of PUBLISHED) {
      linkFiles(name, ["package.json", "README.md", "CHANGELOG.md"]);
      cpSync(path.join(ROOT, name, "package.json"), path.join(root, name, "package.json"));
      writePackagePages(root, name);
      writeRepositoryFields(root, name);
    }
  });

  test.each(PUBLISHED)("links and pictures of the README of %s lead to files of the repository", (name) => {
    const { links } = parseMarkdown(readFileSync(path.join(root, name, "README.md"), "utf8"));
    const address =
      /^https:\/\/(?:raw\.githubusercontent\.com\/acme\/org-connections|github\.com\/acme\/org-connections\/(?:blob|tree))\/HEAD\/([^#]+)/;
    const files = links.flatMap(({ url }) => address.exec(url)?.[1] ?? []);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
    const pictures = links.filter(({ isPicture }) => isPicture).map(({ url }) => url);
    expect(pictures.filter((url) => !url.startsWith("https://raw.githubusercontent.com/"))).toEqual([]);
    expect(links.filter(({ url }) => !/^(?:https:\/\/|#)/.test(url))).toEqual([]);
  });

  test("the schema names the repository, and where the archives of each version are", () => {
    const named = readRepository(root);
    if (named === undefined) throw new Error("the repository is not set");
    const fields = createSchemaFields(named);
    expect(fields).toEqual({
      repository: URL_OF_TEST,
      homepage: URL_OF_TEST,
      publisher: "acme",
      logoUrl: "https://raw.githubusercontent.com/acme/org-connections/HEAD/plugin/logo.svg",
      pluginDownloadURL: `${URL_OF_TEST}/releases/download/v\${VERSION}`,
    });
    expect(existsSync(path.join(ROOT, "plugin/logo.svg"))).toBe(true);
  });

  test.each(PUBLISHED)("package.json of %s names the repository, and keeps everything else", (name) => {
    expect(readManifest(root, name)).toEqual({
      ...readManifest(ROOT, name),
      repository: { type: "git", url: `git+${URL_OF_TEST}.git`, directory: name },
      homepage: `${URL_OF_TEST}#readme`,
      bugs: { url: `${URL_OF_TEST}/issues` },
    });
  });

  test.each([
    "git@github.com:acme/x.git",
    "https://github.com/acme",
    `${URL_OF_TEST}.git`,
    { url: URL_OF_TEST },
  ])("the value %j is refused", (value) => {
    const folder = mkdtempSync(path.join(place, "refused-"));
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ repository: value }));
    expect(() => readRepository(folder)).toThrow("https://github.com/OWNER/NAME");
  });
});

test("an anchor is kept, and while there is no repository, a link becomes its text and a path", () => {
  const root = path.join(place, "small");
  mkdirSync(path.join(root, "sandbox"), { recursive: true });
  mkdirSync(path.join(root, "docs/reference"), { recursive: true });
  const page =
    "See [Settings](settings.md#site), [`a.md`](../../a.md), [below](#x) and [Go](https://go.dev).\n";
  writeFileSync(path.join(root, "docs/reference/sandbox.md"), `${page}\n![A map](../map.png)\n`);
  for (const file of ["docs/reference/settings.md", "a.md", "docs/map.png", "CHANGELOG.md"]) {
    writeFileSync(path.join(root, file), "");
  }
  const write = (manifest: object) => {
    writeFileSync(path.join(root, "package.json"), JSON.stringify(manifest));
    writePackagePages(root, "sandbox");
    return readFileSync(path.join(root, "sandbox/README.md"), "utf8");
  };
  expect(write({})).toBe(
    "See Settings (`docs/reference/settings.md`), `a.md`, [below](#x) and [Go](https://go.dev).\n\n_Picture: A map_\n",
  );
  expect(write({ repository: URL_OF_TEST })).toBe(
    `See [Settings](${URL_OF_TEST}/blob/HEAD/docs/reference/settings.md#site), [\`a.md\`](${URL_OF_TEST}/blob/HEAD/a.md), ` +
      "[below](#x) and [Go](https://go.dev).\n\n" +
      "![A map](https://raw.githubusercontent.com/acme/org-connections/HEAD/docs/map.png)\n",
  );
});
