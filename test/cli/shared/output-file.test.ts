import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../sandbox/src/index.js";
import { acme, acmeState, startAcme } from "../commands/map/acme.js";
import { runBuilt } from "../built-command.js";
import { envOf } from "../live-env.js";
import { runCommand } from "../run-command.js";

const OLD = "my own\n";
const isRoot = process.getuid?.() === 0;
let folder = "";
let state = "";
let sandbox: Sandbox;

beforeAll(async () => {
  const company = acme();
  const running = await startAcme(company);
  state = path.join(mkdtempSync(path.join(tmpdir(), "output-state-")), "state.json");
  writeFileSync(state, JSON.stringify(acmeState(company, running)));
  await running.close();
  sandbox = await startSandbox();
  sandbox.connect({ source: "payments", sink: "observability" });
});
afterAll(async () => {
  rmSync(path.dirname(state), { recursive: true });
  await sandbox.close();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "output-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);
const modeOf = (file: string) => statSync(file).mode & 0o7777;
const mapArgs = (...more: string[]) => ["map", "--state", state, "--format", "json", ...more];

/** The two commands that write a file, run in this process. */
const WRITERS = {
  map: (...more: string[]) => runCommand(mapArgs(...more), { cwd: folder }),
  discover: (...more: string[]) =>
    runCommand(["discover", ...more], { cwd: folder, env: envOf(sandbox, ["payments"]) }),
};

describe.each(Object.entries(WRITERS))("the file that %s -o writes", (_, write) => {
  test("is never written over without --force", async () => {
    writeFileSync(at("out"), OLD);
    const { code, stdout, stderr } = await write("-o", "out");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "out exists, and was left as it is. Name another file, or write over it with --force.\n",
    );
    expect(readFileSync(at("out"), "utf8")).toBe(OLD);
  });

  test("keeps a mode of 0600, and its owner, when --force replaces it", async () => {
    writeFileSync(at("out"), OLD);
    chmodSync(at("out"), 0o600);
    if (isRoot) chownSync(at("out"), 4711, 4712);
    expect((await write("-o", "out", "--force")).code).toBe(0);
    expect(readFileSync(at("out"), "utf8")).not.toBe(OLD);
    expect(modeOf(at("out"))).toBe(0o600);
    if (isRoot) expect([statSync(at("out")).uid, statSync(at("out")).gid]).toEqual([4711, 4712]);
  });

  test("has the mode that the umask leaves when it is new, with or without --force", async () => {
    writeFileSync(at("plain"), "");
    expect((await write("-o", "new")).code).toBe(0);
    expect((await write("-o", "forced", "--force")).code).toBe(0);
    expect([modeOf(at("new")), modeOf(at("forced"))]).toEqual([modeOf(at("plain")), modeOf(at("plain"))]);
    expect(readdirSync(folder).toSorted()).toEqual(["forced", "new", "plain"]);
  });

  test("is what a link leads to; the link stays", async () => {
    writeFileSync(at("out"), OLD);
    symlinkSync("out", at("link"));
    expect((await write("-o", "link", "--force")).code).toBe(0);
    expect(lstatSync(at("link")).isSymbolicLink()).toBe(true);
    expect(readFileSync(at("out"), "utf8")).not.toBe(OLD);
    expect(readdirSync(folder).toSorted()).toEqual(["link", "out"]);
  });

  test.each([[[]], [["--force"]]])("is not made where a link leads nowhere %j", async (more) => {
    symlinkSync("gone", at("link"));
    const { code, stderr } = await write("-o", "link", ...more);
    expect(code).toBe(1);
    expect(stderr).toContain(
      more.length === 0 ? "link exists" : "link was not written: it is a symbolic link",
    );
    expect(readdirSync(folder)).toEqual(["link"]);
  });

  test("cannot be a folder, nor a device or socket", async () => {
    mkdirSync(at("out"));
    const { code, stderr } = await write("-o", "out", "--force");
    expect([code, stderr]).toEqual([1, "out was not written: it is a folder. Name a file.\n"]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at("socket"), resolve));
    const special = await write("-o", "socket", "--force");
    expect([special.code, special.stderr]).toEqual([
      1,
      "socket was not written: it is not a regular file. Name another file, or leave out -o and redirect standard output.\n",
    ]);
    expect([readdirSync(folder), statSync(at("socket")).isSocket()]).toEqual([["out", "socket"], true]);
    await new Promise((resolve) => server.close(resolve));
  });

  test("in a folder that is missing: the reason, and what to do", async () => {
    const { code, stderr } = await write("-o", "missing/out");
    expect(code).toBe(1);
    expect(stderr).toBe(
      "missing/out was not written: its folder does not exist (ENOENT). Create the folder, or name another file.\n",
    );
  });
});

test("map: --force without -o is a usage error", async () => {
  const { code, stdout, stderr } = await WRITERS.map("--force");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("--force goes with -o FILE");
});

describe("when the disk is full in the middle of the write", () => {
  // 4 KiB: less than the text.
  const limited = { shell: 'ulimit -f 4; exec "$@"' };

  test.each([true, false])(
    "the old file (%s) stays byte for byte, and nothing is left beside it",
    async (old) => {
      if (old) writeFileSync(at("out"), OLD);
      const args = mapArgs("-o", "out", ...(old ? ["--force"] : []));
      const { code, stdout, stderr } = await runBuilt(args, { ...limited, cwd: folder });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toBe(
        "out was not written: there is no space left for it (EFBIG). Free some space, or name another file.\n",
      );
      expect(readdirSync(folder)).toEqual(old ? ["out"] : []);
      if (old) expect(readFileSync(at("out"), "utf8")).toBe(OLD);
    },
  );
});

describe("several runs at once", () => {
  const RUNS = ["a", "b", "c", "d", "e", "f"];
  const svg = (title: string, ...more: string[]) =>
    runBuilt(
      ["map", "--state", state, "--format", "svg", "--title", title.repeat(3000), "-o", "out", ...more],
      {
        cwd: folder,
      },
    );
  /** Whose title the file holds, if it is whole. */
  const writerOf = (text: string) => /^<svg [^]*>(\w)\1{2999}<\/title>[^]*<\/svg>\n$/.exec(text)?.[1];

  test("with --force: whoever reads meanwhile sees one whole file, and one whole file is left", async () => {
    await svg("z");
    const ended: number[] = [];
    const done = Promise.all(
      RUNS.map((title) => svg(title, "--force").then(({ code }) => ended.push(code ?? -1))),
    );
    const seen = new Set<string | undefined>();
    while (ended.length < RUNS.length) {
      seen.add(writerOf(readFileSync(at("out"), "utf8")));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await done;
    expect(ended).toEqual(RUNS.map(() => 0));
    expect([...seen]).not.toContain(undefined);
    expect(RUNS).toContain(writerOf(readFileSync(at("out"), "utf8")));
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  test("without it: one writes, the others say that the file exists", async () => {
    const ended = await Promise.all(RUNS.map((title) => svg(title)));
    const winners = RUNS.filter((_, index) => ended[index]?.code === 0);
    expect(winners).toEqual([writerOf(readFileSync(at("out"), "utf8"))]);
    const others = ended.filter(({ code }) => code !== 0);
    expect(others.every(({ code, stderr }) => code === 1 && stderr.startsWith("out exists,"))).toBe(true);
    expect(readdirSync(folder)).toEqual(["out"]);
  });
});
