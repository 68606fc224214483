import { chmodSync, chownSync, lstatSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../sandbox/src/index.js";
import { createAcme, createAcmeState, startAcme } from "../commands/map/acme.js";
import { runBuilt } from "../built-command.js";
import { useFolder } from "../folder.js";
import { createEnv } from "../live-env.js";
import { runCommand, type CommandResult, type RunOptions } from "../run-command.js";

const OLD = "old\n";
/** No connections change. */
const PREVIEW = JSON.stringify({
  steps: [{ op: "create", urn: "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev" }],
});
const isRoot = process.getuid?.() === 0;
const folder = useFolder({ isCleared: true });
const { getPath } = folder;
const stateFolder = useFolder();
const state = stateFolder.getPath("state.json");
let sandbox: Sandbox;

beforeAll(async () => {
  const company = createAcme();
  const running = await startAcme(company);
  stateFolder.write("state.json", createAcmeState(company, running));
  await running.close();
  sandbox = await startSandbox();
  sandbox.connect({ source: "payments", sink: "observability" });
});
afterAll(() => sandbox.close());

const getMode = (file: string) => statSync(file).mode & 0o7777;
const mapArgs = (...more: string[]) => ["map", "--state", state, "--format", "json", ...more];

/** Runs a command in this process, in the folder, with credentials of an organization of the sandbox. */
const runHere = (command: string, args: string[], input: RunOptions = {}) =>
  runCommand([command, ...args], { cwd: folder.path, env: createEnv(sandbox, ["payments"]), ...input });

interface Writer {
  write: (...more: string[]) => Promise<CommandResult>;
  /** The exit code if it has written its result. */
  written: number;
}

/** The commands that write a result. */
const WRITERS: Record<string, Writer> = {
  map: { write: (...more) => runCommand(mapArgs(...more), { cwd: folder.path }), written: 0 },
  discover: { write: (...more) => runHere("discover", more), written: 0 },
  inventory: { write: (...more) => runHere("inventory", more), written: 0 },
  review: { write: (...more) => runHere("review", more, { stdin: PREVIEW }), written: 0 },
  doctor: { write: (...more) => runHere("doctor", more), written: 6 },
  // It stops at once.
  sandbox: {
    write: (...more) => runHere("sandbox", ["--port", "0", ...more], { signal: AbortSignal.abort() }),
    written: 0,
  },
};

describe.each(Object.entries(WRITERS))("the file that %s -o writes", (_, { write, written }) => {
  test("is never overwritten without --force", async () => {
    folder.write("out", OLD);
    const { code, stdout, stderr } = await write("-o", "out");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "out exists and was not changed. Pass another file, or pass --force to overwrite out.\n",
    );
    expect(folder.read("out")).toBe(OLD);
  });

  test("keeps a mode of 0600 and its owner if --force replaces it", async () => {
    folder.write("out", OLD);
    chmodSync(getPath("out"), 0o600);
    if (isRoot) chownSync(getPath("out"), 4711, 4712);
    expect((await write("-o", "out", "--force")).code).toBe(written);
    expect(folder.read("out")).not.toBe(OLD);
    expect(getMode(getPath("out"))).toBe(0o600);
    if (isRoot) expect([statSync(getPath("out")).uid, statSync(getPath("out")).gid]).toEqual([4711, 4712]);
  });

  test("has what standard output would have", async () => {
    const printed = await write();
    const { code, stdout } = await write("--output", "out");
    expect([printed.code, code]).toEqual([written, written]);
    const mask = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+|\(\d+ ms\)/g, "…");
    expect(mask(folder.read("out"))).toBe(mask(printed.stdout));
    expect(stdout.split("\n").length).toBeLessThanOrEqual(2);
  });

  test("requires -o if --force is set", async () => {
    const { code, stdout, stderr } = await write("--force");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--force requires -o FILE");
  });
});

/** All commands use the same function, so one of them is enough. */
describe("the file of any command", () => {
  const write = (...more: string[]) => runCommand(mapArgs(...more), { cwd: folder.path });

  test("has the default mode if it is new, with or without --force", async () => {
    folder.write("plain", "");
    expect((await write("-o", "new")).code).toBe(0);
    expect((await write("-o", "forced", "--force")).code).toBe(0);
    expect([getMode(getPath("new")), getMode(getPath("forced"))]).toEqual([
      getMode(getPath("plain")),
      getMode(getPath("plain")),
    ]);
    expect(folder.list()).toEqual(["forced", "new", "plain"]);
  });

  test("is the target of a link; the link stays", async () => {
    folder.write("out", OLD);
    symlinkSync("out", getPath("link"));
    expect((await write("-o", "link", "--force")).code).toBe(0);
    expect(lstatSync(getPath("link")).isSymbolicLink()).toBe(true);
    expect(folder.read("out")).not.toBe(OLD);
    expect(folder.list()).toEqual(["link", "out"]);
  });

  test.each([[[]], [["--force"]]])("is not created for a broken link %j", async (more) => {
    symlinkSync("gone", getPath("link"));
    const { code, stderr } = await write("-o", "link", ...more);
    expect(code).toBe(1);
    expect(stderr).toContain(
      more.length === 0 ? "link exists" : "link was not written: it is a broken symbolic link",
    );
    expect(folder.list()).toEqual(["link"]);
  });

  test("cannot be a directory, a device or a socket", async () => {
    mkdirSync(getPath("out"));
    const { code, stderr } = await write("-o", "out", "--force");
    expect([code, stderr]).toEqual([1, "out was not written: it is a folder. Pass a file.\n"]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(getPath("socket"), resolve));
    const special = await write("-o", "socket", "--force");
    expect([special.code, special.stderr]).toEqual([
      1,
      "socket was not written: it is not a regular file. Pass another file, or leave out -o and redirect standard output.\n",
    ]);
    expect([folder.list(), statSync(getPath("socket")).isSocket()]).toEqual([["out", "socket"], true]);
    await new Promise((resolve) => server.close(resolve));
  });

  test("in a missing directory: the reason, and what to do", async () => {
    const { code, stderr } = await write("-o", "missing/out");
    expect(code).toBe(1);
    expect(stderr).toBe(
      "missing/out was not written: its folder does not exist (ENOENT). Create the folder, or pass another file.\n",
    );
  });
});

describe("if the file reaches the maximum size during the write", () => {
  // 4 KiB: less than the text.
  const limited = { shell: 'ulimit -f 4; exec "$@"' };

  test.each([true, false])("the old file (%s) is unchanged, and no temporary file is left", async (old) => {
    if (old) folder.write("out", OLD);
    const args = mapArgs("-o", "out", ...(old ? ["--force"] : []));
    const { code, stdout, stderr } = await runBuilt(args, { ...limited, cwd: folder.path });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "out was not written: the file would exceed the maximum file size (EFBIG). Raise the limit, or pass another file.\n",
    );
    expect(folder.list()).toEqual(old ? ["out"] : []);
    if (old) expect(folder.read("out")).toBe(OLD);
  });
});

describe("several concurrent runs", () => {
  const RUNS = ["a", "b", "c", "d", "e", "f"];
  const writeSvg = (title: string, ...more: string[]) =>
    runBuilt(
      ["map", "--state", state, "--format", "svg", "--title", title.repeat(3000), "-o", "out", ...more],
      {
        cwd: folder.path,
      },
    );
  /** Finds the run whose title a complete file has. */
  const getWriter = (text: string) => /^<svg [^]*>(\w)\1{2999}<\/title>[^]*<\/svg>\n$/.exec(text)?.[1];

  test("with --force: a reader always gets a complete file, and one complete file is left", async () => {
    await writeSvg("z");
    const results: number[] = [];
    const done = Promise.all(
      RUNS.map((title) => writeSvg(title, "--force").then(({ code }) => results.push(code ?? -1))),
    );
    const writers = new Set<string | undefined>();
    while (results.length < RUNS.length) {
      writers.add(getWriter(folder.read("out")));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await done;
    expect(results).toEqual(RUNS.map(() => 0));
    expect([...writers]).not.toContain(undefined);
    expect(RUNS).toContain(getWriter(folder.read("out")));
    expect(folder.list()).toEqual(["out"]);
  });

  test("without --force: one writes, the others report that the file exists", async () => {
    const results = await Promise.all(RUNS.map((title) => writeSvg(title)));
    const winners = RUNS.filter((_, index) => results[index]?.code === 0);
    expect(winners).toEqual([getWriter(folder.read("out"))]);
    const others = results.filter(({ code }) => code !== 0);
    expect(others.every(({ code, stderr }) => code === 1 && stderr.startsWith("out exists and"))).toBe(true);
    expect(folder.list()).toEqual(["out"]);
  });
});
