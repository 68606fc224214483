// The tests run this in a separate process: `ensurePulumi` with a maker that creates three small scripts.
// Usage: node fake-set-up.mjs <folder> <mode>, with $XDG_CACHE_HOME and $PATH set by the test.
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensurePulumi } from "../../tools/pulumi-cli/ensure-pulumi.mjs";
import { SetupError, exitWithError } from "../../tools/output.mjs";

const [folder = ".", mode] = process.argv.slice(2);
const names = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs", "pulumi"];

/** @param {{ binDir: string }} options */
async function make({ binDir }) {
  if (mode === "fails") throw new SetupError("go is not on PATH");
  for (const name of names) {
    writeFileSync(join(binDir, name), "#!/bin/sh\necho v3.274.1\n", { mode: 0o755 });
    // The tests interrupt after the first file.
    if (name === names[0]) {
      appendFileSync(join(folder, "begun"), `${process.pid}\n`);
      while (mode === "waits" && !existsSync(join(folder, "go-on"))) await sleep(20);
    }
  }
}

try {
  const maker = /** @type {const} */ ({ how: "built", title: "a fake build", make });
  console.log(JSON.stringify(await ensurePulumi({ makers: [maker] })));
} catch (error) {
  exitWithError(error);
}
