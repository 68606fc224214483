import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../tree.js";
import { usePage } from "../page.js";
import type { Shell } from "../shell.js";
import { useExample } from "./example.js";

const page = usePage("docs/guides/adopt.md");
const example = useExample("examples/adopt");

const SET_UP = page.takeBlock("Before you start", "sh");
const INVENTORY = page.takeBlock("See what exists", "sh");
const DISCOVER = page.takeBlock("Write the program", "sh");
const [REVIEW = "", UP = "", ...others] = page.takeBlocks("Review, adopt, check", "sh");
const ADOPT_ONCE = page.takeBlock("One connection", "sh");
const IMPORT = page.takeBlock("With an import file", "sh");
const FORGET = page.takeBlock("Stop managing a connection", "sh");

const NAME = "payments-to-acme-observability";

const edit = (shell: Shell, change: (text: string) => string) => {
  const before = shell.project.readFile("connections.ts");
  const after = change(before);
  expect(after).not.toBe(before);
  shell.project.writeFile("connections.ts", after);
};
const removeResource = (text: string) => text.replace(new RegExp(`^ *"${NAME}".*\n`, "m"), "");
const withoutDate = (text: string) => text.replace(/\d{4}-\d\d-\d\d/, "DATE");

/** Expects that nothing but GET was sent since the start of the test, and that the same connections are live. */
function expectUnchanged(before: ReturnType<typeof example.sandbox.listConnections>): void {
  expect(example.sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(example.sandbox.listConnections()).toEqual(before);
}

test("connections are adopted without a write, then one of them leaves the stack", async () => {
  expect(others).toEqual([]);
  const shell = await example.startShell(SET_UP);
  const before = example.sandbox.listConnections();
  expect((await shell.run(INVENTORY)).output).toMatch(
    /^Acme Payments +Acme Observability +logs, metrics .* unknown/m,
  );

  await shell.run(DISCOVER);
  const written = readFileSync(path.join(ROOT, "examples/adopt/connections.ts"), "utf8");
  expect(withoutDate(shell.project.readFile("connections.ts"))).toBe(withoutDate(written));
  const review = await shell.run(REVIEW, { codes: [0, 3] });
  expect(review.code).toBe(3);
  expect(review.output).toContain(
    "**3 changes; no data stops being shared; no new data is shared; 2 warnings.**",
  );
  await shell.run(UP);
  expectUnchanged(before);

  edit(shell, (text) => text.replace("adopt: true, ", ""));
  example.takeRequests();
  await shell.run("pulumi up --skip-preview");
  expect(example.takeRequests()).toEqual({});

  edit(shell, (text) => text.replace("protect: true", "retainOnDelete: true"));
  await shell.run("pulumi up");
  edit(shell, removeResource);
  const { output } = await shell.run(REVIEW.replace(/^pulumi stack init.*\n/, ""), { codes: [0, 3] });
  expect(output).toContain("no data stops being shared");
  expect(output).toContain("leaves this stack");
  await shell.run("pulumi up\npulumi preview --refresh --expect-no-changes");
  expectUnchanged(before);
}, 600_000);

test("an import, then a resource that leaves the state, and is adopted again for one run", async () => {
  const shell = await example.startShell(SET_UP);
  const before = example.sandbox.listConnections();
  await shell.run(`${DISCOVER}pulumi stack init dev\n${IMPORT}`);
  edit(shell, (text) => text.replace("adopt: true, ", ""));
  await shell.run("pulumi up --skip-preview");
  await shell.run(FORGET);
  const failed = await shell.run("pulumi preview", { codes: [0, 255, 1] });
  expect(failed.output).toContain("[pair-exists]");

  const program = shell.project.readFile("connections.ts");
  edit(shell, removeResource);
  await shell.run("pulumi preview --refresh --expect-no-changes");
  const { output } = await shell.run("datadog-org-connections inventory --stack dev");
  expect(output).toMatch(/^Acme Payments .* none /m);

  shell.project.writeFile("connections.ts", program);
  await shell.run(ADOPT_ONCE);
  await shell.run("pulumi preview --refresh --expect-no-changes");
  expectUnchanged(before);
}, 600_000);

test("a resource that is only removed from the program: the preview fails, because it is protected", async () => {
  const shell = await example.startShell(SET_UP);
  await shell.run(`${DISCOVER}pulumi stack init dev\npulumi up --skip-preview`);
  edit(shell, removeResource);
  const { code, output } = await shell.run("pulumi preview", { codes: [0, 255, 1] });
  expect(code).not.toBe(0);
  expect(output).toContain("protected");
}, 600_000);
