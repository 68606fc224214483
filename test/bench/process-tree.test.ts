import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { computeMemory, ProcessTree } from "../../bench/process-tree.mjs";

test("the files of an executable count once, the memory of each process by itself", () => {
  const details = { name: "node", peakMiB: 0 };
  const node = { ...details, executable: "/bin/node", sharedMiB: 40 };
  const other = { ...details, executable: "/bin/pulumi", sharedMiB: 7, ownMiB: 5 };
  const memory = computeMemory([{ ...node, ownMiB: 100 }, { ...node, ownMiB: 10, sharedMiB: 30 }, other]);
  expect(memory).toBe(100 + 10 + 40 + 5 + 7);
});

test.runIf(process.platform === "linux")("a tree has its processes and their memory", async () => {
  const parent = `
    const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"]);
    globalThis.kept = Buffer.alloc(64 * 2 ** 20, 1);
    child.on("spawn", () => console.log("started"));
    process.stdin.on("end", () => child.kill()).resume();
  `;
  const child = spawn(process.execPath, ["-e", parent], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const tree = new ProcessTree(child.pid ?? 0);
  tree.sample();
  expect(tree.getMemoryMiB()).toBeUndefined(); // memory counts from the second sample on
  tree.sample();
  child.stdin.end();
  await once(child, "close");
  tree.sample();
  expect(tree.getProcessCount()).toBe(2);
  const { node = 0 } = tree.getPeakMiB();
  expect(tree.getMemoryMiB()).toBeGreaterThan(64);
  expect(tree.getMemoryMiB()).toBeLessThan(2 * node);
});
