import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { isolatedEnv } from "../../tools/pulumi-env.mjs";
import { scratch, script } from "./set-up-process.js";

const places = { home: "/scratch/home", backendDir: "/scratch/state", binDir: "/cli/bin" };

test("nothing of the caller's Pulumi and no Datadog key reaches a run", () => {
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

  expect(isolatedEnv({ ...places, base, extra: { DD_SITE: "datadoghq.eu" } })).toEqual({
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

test("the Node that is asked for comes before the one next to the CLI", () => {
  const env = isolatedEnv({ ...places, nodeDir: "/node-22/bin", base: { PATH: "/usr/bin" } });

  expect(env["PATH"]).toBe(["/node-22/bin", "/cli/bin", "/usr/bin"].join(delimiter));
});

test("a CLI that PATH finds first does not move in front of the caller's Node", () => {
  const { pathDir } = scratch();
  script(join(pathDir, "pulumi"), "exit 0");
  const base = { PATH: ["/node-22/bin", pathDir].join(delimiter) };

  expect(isolatedEnv({ ...places, binDir: pathDir, base })["PATH"]).toBe(base.PATH);
});
