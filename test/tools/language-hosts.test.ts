import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ensureLanguageHosts } from "../../tools/languages/set-up-languages.mjs";
import { SetupError } from "../../tools/output.mjs";
import { createScratch, writeScript } from "./set-up-process.js";

const names = ["yaml", "python", "python-exec", "go"].map((name) => `pulumi-language-${name}`);

/** Creates a CLI in a scratch folder, and a maker that counts its calls. */
function createCli() {
  const place = createScratch();
  const cliDir = join(place.folder, "cli");
  mkdirSync(cliDir);
  const writeHosts = (folder: string, which = names) => {
    for (const name of which) writeScript(join(folder, name), "exit 0");
  };
  let made = 0;
  const make = ({ binDir }: { binDir: string }) => {
    made++;
    writeHosts(binDir);
    return Promise.resolve();
  };
  const options = { cli: { bin: join(cliDir, "pulumi") }, env: place.env, log: () => undefined, make };
  return { ...place, cliDir, options, writeHosts, getMade: () => made };
}

test("complete hosts beside the CLI or on PATH are used", async () => {
  const { cliDir, pathDir, options, writeHosts, getMade } = createCli();
  writeHosts(pathDir);
  expect(await ensureLanguageHosts(options)).toEqual({ hostsDir: pathDir });
  writeHosts(cliDir);
  expect(await ensureLanguageHosts(options)).toEqual({ hostsDir: cliDir });
  expect(getMade()).toBe(0);
});

test("missing hosts are created once, outside of the cache of the CLI", async () => {
  const { cliDir, clis, options, writeHosts, getMade } = createCli();
  writeHosts(cliDir, names.slice(1));

  const { hostsDir } = await ensureLanguageHosts(options);
  expect(await ensureLanguageHosts(options)).toEqual({ hostsDir });

  expect(getMade()).toBe(1);
  expect(names.filter((name) => !existsSync(join(hostsDir, name)))).toEqual([]);
  expect(existsSync(clis)).toBe(false);
});

test("if the build fails, the error says what to install, and the next set-up builds again", async () => {
  const { options, getMade } = createCli();
  const fail = () => Promise.reject(new SetupError("go is not on PATH"));

  await expect(ensureLanguageHosts({ ...options, make: fail })).rejects.toThrow(
    /could not be built from Go modules: go is not on PATH\nInstall the complete Pulumi CLI .*, or Go/,
  );
  await ensureLanguageHosts(options);
  expect(getMade()).toBe(1);
});
