import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { createScratch, writeScript } from "./set-up-process.js";

const places = { home: "/scratch/home", backendDir: "/scratch/state", binDir: "/cli/bin" };

test("a run gets neither the caller's Pulumi settings nor Datadog keys", () => {
  const base = {
    PATH: "/usr/bin",
    LANG: "C",
    DD_API_KEY: "k",
    dd_app_key: "k",
    DATADOG_HOST: "h",
    PULUMI_ACCESS_TOKEN: "t",
    PULUMI_BACKEND_URL: "https://elsewhere",
    PULUMI_HOME: "/home/user/.pulumi",
  };

  expect(createIsolatedEnv({ ...places, base, extra: { DD_SITE: "datadoghq.eu" } })).toEqual({
    LANG: "C",
    DD_SITE: "datadoghq.eu",
    PATH: ["/cli/bin", "/usr/bin"].join(delimiter),
    PULUMI_HOME: "/scratch/home",
    PULUMI_BACKEND_URL: "file:///scratch/state",
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  });
});

test("the requested Node comes before the one next to the CLI", () => {
  const env = createIsolatedEnv({ ...places, nodeDir: "/node-22/bin", base: { PATH: "/usr/bin" } });

  expect(env["PATH"]).toBe(["/node-22/bin", "/cli/bin", "/usr/bin"].join(delimiter));
});

test("a CLI that is already first on PATH is not moved before the caller's Node", () => {
  const { pathDir } = createScratch();
  writeScript(join(pathDir, "pulumi"), "exit 0");
  const base = { PATH: ["/node-22/bin", pathDir].join(delimiter) };

  expect(createIsolatedEnv({ ...places, binDir: pathDir, base })["PATH"]).toBe(base.PATH);
});
