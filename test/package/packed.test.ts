import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { runLifeOfAConnection } from "../../tools/life-of-a-connection.mjs";
import { installInto, packAll } from "../../tools/packed-package.mjs";

/** Outside the tree, so that nothing of it can be resolved from there. */
const place = mkdtempSync(path.join(tmpdir(), "packed-"));
const nodeDir = path.dirname(process.execPath);
const binDir = process.env["PULUMI_TEST_BIN"] ?? "";

beforeAll(async () => {
  const tarballs = await packAll(path.join(place, "tarballs"));
  await installInto(place, [...Object.values(tarballs), "@pulumi/pulumi@3.248.0", "typescript@5.9.3"]);
}, 300_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe("the packed tarballs, installed in an empty folder", () => {
  it.each(["typescript", "javascript"] as const)(
    "carries a connection through its life from a program in %s, with what each command says of it",
    async (language) => {
      await runLifeOfAConnection({ folder: place, nodeDir, binDir, language });
    },
    300_000,
  );
});
