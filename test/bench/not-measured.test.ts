import { expect, test } from "vitest";
import { NotMeasured } from "../../bench/not-measured.mjs";
import { runCommand } from "../../bench/run-command.mjs";
import { systems } from "../../bench/systems/system.mjs";

const options = { cwd: process.cwd(), env: process.env };
const open = () => Promise.reject(new Error("is not opened"));
const peer = { key: "peer", title: "A peer", form: "", open, findMissing: () => undefined };
const ours = { key: "ours", title: "Ours", form: "", open };
const fail = async () => {
  runCommand(process.execPath, ["-e", "console.error('no\\n  provider'); process.exit(3)"], options);
  return Promise.resolve([1]);
};

test("a peer that this machine lacks is not measured", () => {
  const missing = { ...peer, findMissing: () => "`peer` is not on PATH" };
  const notMeasured = new NotMeasured([ours, peer, missing]);
  expect([ours, peer, missing].map((system) => notMeasured.has(system))).toEqual([false, false, true]);
  expect(notMeasured.list()).toEqual([{ title: "A peer", reason: "`peer` is not on PATH" }]);
});

test("a peer whose command fails is a line with its output, from then on", async () => {
  const notMeasured = new NotMeasured([peer]);
  expect(await notMeasured.tryPeer(peer, "3 organizations", () => Promise.resolve([1]))).toEqual([1]);
  expect(notMeasured.has(peer)).toBe(false);
  expect(await notMeasured.tryPeer(peer, "40 organizations", fail)).toEqual([]);
  expect(notMeasured.has(peer)).toBe(true);
  expect(notMeasured.list()[0]?.reason).toMatch(/^with 40 organizations: .*exited with 3: no provider$/);
});

test("a failure of another system, and a bug, end the benchmark", async () => {
  const notMeasured = new NotMeasured([peer, ours]);
  await expect(notMeasured.tryPeer(ours, "3", fail)).rejects.toThrow("exited with 3");
  await expect(notMeasured.tryPeer(peer, "3", open)).rejects.toThrow("is not opened");
});

test("a command that cannot start has no stack trace and no buffers", () => {
  expect(() => runCommand("no-such-command", [], options)).toThrow(/^no-such-command did not start: /);
});

test("the peers are the tools that a machine may lack", () => {
  expect(systems.filter(({ findMissing }) => findMissing).map(({ key }) => key)).toEqual([
    "pulumi-datadog",
    "tofu",
  ]);
});
