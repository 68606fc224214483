import { expect, test } from "vitest";
import { parseMarkdown } from "../../tools/markdown.mjs";
import { splitCommands } from "./commands.js";
import { useShells } from "./shell.js";

const { createShell } = useShells();

test("the parser reads the lines of blocks, also in lists and quotations", () => {
  const source =
    "```ts file=a.ts\none\n\n  two\n```\n\n- item\n\n  ```sh\n  a\n     \n    b\n  ```\n\n> ```text\n> q\n>\n> r\n> ```\n";
  expect(parseMarkdown(source).fences.map(({ info, lines }) => [info, lines])).toEqual([
    ["ts file=a.ts", ["one", "", "  two"]],
    ["sh", ["a", "   ", "  b"]],
    ["text", ["q", "", "r"]],
  ]);
});

test("a block is split into its commands", () => {
  const script = `# a comment
export A=1 # another one

cat > file <<'END'
a && b
END
echo a |
  cat
echo a \\
  b
if true; then
  false
fi
`;
  expect(splitCommands(script)).toEqual([
    "export A=1 # another one",
    "cat > file <<'END'\na && b\nEND",
    "echo a |\n  cat",
    "echo a \\\n  b",
    "if true; then\n  false\nfi",
  ]);
  expect(() => splitCommands("cat <<END\na\n")).toThrow("not a complete command");
});

test("a shell keeps variables and the working directory, and gives commands their input", async () => {
  const shell = createShell({ "folder/file": "text\n" });
  await shell.run('export A="a b"\ncd folder\n');
  expect(await shell.run("cat file; sh -c 'echo \"$A\"'; cat", { input: "typed\n" })).toEqual({
    code: 0,
    output: "text\na b\ntyped\n",
  });
});

test("a shell has the command line and Node on PATH, and no credentials of the machine", async () => {
  const { output } = await createShell().run("datadog-org-connections --version\nnode --version\nenv");
  expect(output).toContain(`${process.version}\n`);
  expect(output).not.toMatch(/^(?:DD|DATADOG)_/m);
});

test("a command that fails, also in a pipe, ends the block", async () => {
  const shell = createShell();
  await expect(shell.run("false | cat\ntouch file")).rejects.toThrow();
  await expect(shell.run("test -e file", { codes: [1] })).resolves.toMatchObject({ code: 1 });
  await expect(shell.run("exit 3")).rejects.toThrow("the shell has ended");
});
