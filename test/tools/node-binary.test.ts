/** Node's binaries for executables, from a server on loopback with the layout of nodejs.org/dist. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { create } from "tar";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ensureNodeBinary } from "../../tools/archives/node-binary.mjs";

const place = mkdtempSync(path.join(tmpdir(), "node-binary-"));
const files = new Map<string, Buffer>();
const server = createServer(({ url = "" }, response) => {
  const content = files.get(url);
  response.writeHead(content ? 200 : 404).end(content);
});
const getUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/dist/`;

beforeAll(async () => {
  const release = path.join(place, "node-v26.7.0-linux-x64");
  mkdirSync(path.join(release, "bin"), { recursive: true });
  writeFileSync(path.join(release, "bin/node"), "a binary");
  writeFileSync(path.join(release, "bin/npm"), "not needed");
  writeFileSync(path.join(release, "LICENSE"), "a license");
  const file = path.join(place, "node.tar.gz");
  await create({ file, cwd: place, gzip: true }, [path.basename(release)]);
  files.set("/dist/v26.7.0/node-v26.7.0-linux-x64.tar.gz", readFileSync(file));
  files.set("/dist/v26.7.0/win-x64/node.exe", Buffer.from("a binary for Windows"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", mkdtempSync(path.join(place, "cache-")));
  const sum = (content: Buffer) => createHash("sha256").update(content).digest("hex");
  const lines = [...files]
    .filter(([url]) => !url.endsWith(".txt"))
    .map(([url, content]) => `${sum(content)}  ${url.replace("/dist/v26.7.0/", "")}`);
  files.set("/dist/v26.7.0/SHASUMS256.txt", Buffer.from(`${lines.join("\n")}\n`));
});
afterAll(() => {
  server.close();
  rmSync(place, { recursive: true, force: true });
});

test.each([
  ["linux-x64", "a binary"],
  ["win-x64", "a binary for Windows"],
])("for %s, the binary is downloaded once", async (platform, content) => {
  const file = await ensureNodeBinary(platform, getUrl());
  expect(readFileSync(file, "utf8")).toBe(content);
  files.delete("/dist/v26.7.0/SHASUMS256.txt");
  await expect(ensureNodeBinary(platform, getUrl())).resolves.toBe(file);
});

test("the license is beside the binary", async () => {
  const file = await ensureNodeBinary("linux-x64", getUrl());
  expect(readFileSync(path.join(path.dirname(file), "LICENSE"), "utf8")).toBe("a license");
});

test("a binary that does not match its checksum is not used", async () => {
  files.set("/dist/v26.7.0/SHASUMS256.txt", Buffer.from(`${"0".repeat(64)}  win-x64/node.exe\n`));
  await expect(ensureNodeBinary("win-x64", getUrl())).rejects.toThrow(
    "win-x64/node.exe does not match SHASUMS256.txt",
  );
  // Nothing was kept: the next attempt downloads again.
  await expect(ensureNodeBinary("win-x64", getUrl())).rejects.toThrow("does not match");
});

test("a platform without an npm package is refused", async () => {
  await expect(ensureNodeBinary("darwin-arm64", undefined)).rejects.toThrow("Pass --node-dist.");
});
