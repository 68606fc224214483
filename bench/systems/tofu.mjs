import { execFileSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureCommand } from "../measure-command.mjs";

/** @type {Record<import("./system.mjs").Operation, string[]>} */
const commands = {
  create: ["apply", "-auto-approve"],
  "no-op": ["plan"],
  refresh: ["apply", "-refresh-only", "-auto-approve"],
  change: ["apply", "-auto-approve"],
  destroy: ["destroy", "-auto-approve"],
};

/**
 * OpenTofu with the official provider, one resource per connection. @type
 * {import("./system.mjs").SystemOpener}
 */
export const openTofu = async ({ folder, env, timeoutMs }) => {
  writeFileSync(join(folder, "main.tf"), program);
  /** @param {Record<string, string>} [extra] */
  const withInputs = (extra = {}) => ({
    ...process.env,
    TF_IN_AUTOMATION: "1",
    TF_VAR_host: env["DD_HOST"],
    TF_VAR_api_key: env["DD_API_KEY"],
    TF_VAR_app_key: env["DD_APP_KEY"],
    TF_VAR_total: env["BENCH_COUNT"],
    TF_VAR_types: JSON.stringify((extra["BENCH_TYPES"] ?? "").split(",")),
  });
  // The CLI configuration of the user sets the source of the provider, by default the registry.
  execFileSync("tofu", ["init", "-input=false", "-no-color"], {
    cwd: folder,
    env: withInputs(),
    stdio: "pipe",
  });
  return {
    run: (operation, extra) =>
      measureCommand("tofu", [...commands[operation], "-input=false", "-no-color"], {
        cwd: folder,
        env: withInputs(extra),
        timeoutMs,
      }),
    stateBytes: () => statSync(join(folder, "terraform.tfstate")).size,
  };
};

const program = `terraform {
  required_providers {
    datadog = { source = "datadog/datadog" }
  }
}

variable "host" { type = string }
variable "api_key" { type = string }
variable "app_key" { type = string }
variable "total" { type = number }
variable "types" { type = list(string) }

provider "datadog" {
  api_url  = var.host
  api_key  = var.api_key
  app_key  = var.app_key
  validate = "false"
}

resource "datadog_org_connection" "to" {
  for_each         = { for number in range(var.total) : number => format("aaaaaaaa-1000-4000-8000-%012x", number + 1) }
  sink_org_id      = each.value
  connection_types = var.types
}
`;
