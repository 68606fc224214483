import path from "node:path";
import { expect, test } from "vitest";
import { exportStack } from "../../../cli/src/stack/pulumi.js";

test("a folder that does not exist is reported as such, not as a missing `pulumi`", async () => {
  const cwd = path.join(import.meta.dirname, "no-such-folder");
  await expect(exportStack({ stack: "dev", cwd, env: process.env })).rejects.toThrow(
    `\`pulumi stack export --stack dev\` was not run: the folder ${cwd} does not exist. Pass the folder of the project.`,
  );
});

test("a missing `pulumi` is reported as such", async () => {
  const env = { PATH: path.join(import.meta.dirname, "no-such-folder") };
  await expect(exportStack({ stack: "dev", cwd: import.meta.dirname, env })).rejects.toThrow(
    "is not on PATH",
  );
});
