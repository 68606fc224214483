import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { runConnectionLifecycle } from "../../tools/packed-package-checks.mjs";
import { installPackages, packPackages } from "../../tools/packed-package.mjs";

/** Outside of the repository, so that its modules cannot be resolved. */
const place = mkdtempSync(path.join(tmpdir(), "packed-"));
const nodeDir = path.dirname(process.execPath);
const binDir = process.env["PULUMI_TEST_BIN"] ?? "";

beforeAll(async () => {
  const tarballs = await packPackages(path.join(place, "tarballs"));
  await installPackages(place, [...Object.values(tarballs), "@pulumi/pulumi@3.248.0", "typescript@5.9.3"]);
}, 300_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe("the packed tarballs, installed in an empty folder", () => {
  it.each(["typescript", "javascript"] as const)(
    "support the whole lifecycle of a connection from a program in %s, and all commands",
    async (language) => {
      await runConnectionLifecycle({ folder: place, nodeDir, binDir, language });
    },
    300_000,
  );
});
