import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeMarkdown, formatCode, formatMessage } from "../../../../cli/src/shared/markdown.js";
import { selectCases } from "../../../random.js";

const GOLDEN = path.resolve(import.meta.dirname, "golden");

/** Renders GitHub Flavored Markdown, with HTML passed through. */
const render = (text: string): string =>
  micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

/** The visible text of HTML. */
const getText = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("\u200b", "")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();

describe("the text of a rendered report", () => {
  it.each(readdirSync(GOLDEN))(
    "%s: no Markdown is left over, and every line is rendered as intended",
    (file) => {
      const report = readFileSync(path.join(GOLDEN, file), "utf8");
      const html = render(report);
      const lines = report.split("\n");
      const count = (pattern: RegExp) => (html.match(pattern) ?? []).length;
      expect(count(/<h[23]>/g)).toBe(lines.filter((line) => /^##+ /.test(line)).length);
      expect(count(/<li>/g)).toBe(lines.filter((line) => line.startsWith("- ")).length);
      // One line of each table is the separator below its header.
      expect(count(/<tr>/g)).toBe(lines.filter((line) => /^\| (?!---)/.test(line)).length);
      expect(count(/<code class="language-mermaid">/g)).toBe(1);
      expect(count(/<a |<img|<del>|<input/g)).toBe(0);
      // An error is shown literally, with any Markdown characters in it.
      const read = html.replace(/<code.*?<\/code>|<blockquote>.*?<\/blockquote>/gs, "");
      expect(getText(read)).not.toMatch(/\*\*|`|^#|^\||^- |\\[^\\]/m);
      expect(getText(html)).toContain("Organizations by UUID");
    },
  );
});

describe("a name is shown literally", () => {
  const names = [
    "Acme Payments",
    "**bold** _it_ __x__ ~~gone~~ `code`",
    "[x](https://evil.example) ![x](https://evil.example/x.png) [x][y] [^1]",
    "https://evil.example www.evil.example WWW.EVIL.EXAMPLE evil.example me@evil.example",
    "mailto:me@evil.example xmpp:me@evil.example",
    "acme/repo#12 !12 %12 ~label &12 $12",
    "<b>x</b> <!-- x --> <script>",
    "&amp; &#35; &lt;b&gt;",
    "a | b || c",
    "1. one",
    "- one",
    "+ one",
    "# one",
    "> one",
    "=== one",
    "--- one",
    "[ ] one",
    "\\* \\\\ \\` C:\\",
    "@security #12 GH-12 :rocket: $x$",
    "支払い 🚀 حسابات",
  ];

  /** What GitHub and GitLab find in the rendered text, where a backslash is gone: links, mentions and references. */
  const REFERENCE =
    /www\.\p{L}|(?:mailto|xmpp):\p{L}|https?:\/\/|evil\.example|[@#!%~&$]\p{L}*\d|@\p{L}|~\p{L}|GH-\d|:rocket:/iu;

  it.each(names)("%s", (name) => {
    const bold = render(`- ⛔ **${escapeMarkdown(name)} → Hub** shares \`logs\`.`);
    expect(bold.replace(/<[^>]*>/g, " ").replaceAll("&amp;", "&")).not.toMatch(REFERENCE);
    expect(getText(bold)).toBe(`⛔ ${name} → Hub shares logs.`);
    expect(bold.match(/<(?!\/)[a-z]+/g)).toEqual(["<ul", "<li", "<strong", "<code"]);
    const cell = render(`| a | b |\n| --- | --- |\n| ${escapeMarkdown(name)} | ${formatCode("x")} |`);
    expect(cell.match(/<td>/g)).toHaveLength(2);
    expect(getText(/<td>(.*?)<\/td>/s.exec(cell)?.[1] ?? "")).toBe(name);
    expect(getText(render(`> ⛔ ${escapeMarkdown(name)}`))).toBe(`⛔ ${name}`);
    expect(getText(render(`- ${formatCode(name)} is deleted.`))).toBe(`${name} is deleted.`);
  });
});

describe("a message of another tool", () => {
  const pieces = [
    "`",
    "``",
    "\\",
    "'urn:",
    '"urn:x',
    "'",
    '"',
    " ",
    "a",
    "*",
    "_",
    "<b>",
    "&lt;",
    "@team",
    "[x](y)",
  ];
  const message = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((list) => list.join(""));

  it("is shown literally, except for the backticks of code spans, and adds no other markup", () => {
    fc.assert(
      fc.property(message, (text) => {
        const html = render(`- ${formatMessage(`x${text}x`)}`);
        expect(new Set(html.match(/<(?!\/)[a-z]+/g))).toEqual(
          new Set(["<ul", "<li", ...(html.includes("<code") ? ["<code"] : [])]),
        );
        const withoutBackticks = (shown: string) => shown.replaceAll("`", "").replaceAll("\\u{20}", " ");
        expect(withoutBackticks(getText(html))).toBe(withoutBackticks(`x${text}x`));
      }),
      selectCases(2000),
    );
  });
});
