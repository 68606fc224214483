/** What the checker of links (remark) does not see. */
import path from "node:path";
import { expect, test } from "vitest";
import { listPages, readPage } from "./pages.js";
import { listFiles } from "./source-files.js";

const pages = listPages();

test("the pages are found", () => {
  expect(pages).toEqual(
    expect.arrayContaining(["README.md", "CHANGELOG.md", "SECURITY.md", "docs/reference/errors.md"]),
  );
});

test.each(pages)("%s has only inline links, which package pages make absolute", (file) => {
  const { references, html, links } = readPage(file);
  expect(references.map(({ line, source }) => `${line}: ${source}`)).toEqual([]);
  expect(html.map(({ source }) => source).filter((one) => /\b(?:href|src|srcset)\s*=/i.test(one))).toEqual(
    [],
  );
  expect(links.map(({ url }) => url).filter((url) => /^(?!https:)[a-z]+:|^\//.test(url))).toEqual([]);
});

test.each(pages)("each picture of %s has a description", (file) => {
  const pictures = readPage(file).links.filter(({ isPicture }) => isPicture);
  expect(pictures.filter(({ text }) => text.trim().length < 5).map(({ line }) => line)).toEqual([]);
});

test("each picture in docs is on a page", () => {
  const used = pages.flatMap((file) =>
    readPage(file).links.map(({ url }) => path.posix.join(path.posix.dirname(file), url)),
  );
  const pictures = listFiles("docs").filter((file) => /\.(?:png|gif|svg)$/.test(file));
  expect(pictures).toContain("map.gif");
  expect(pictures.filter((file) => !used.includes(`docs/${file}`))).toEqual([]);
});
