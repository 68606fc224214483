import { createRequire } from "node:module";
import { isHub } from "../workloads.mjs";

/** @type {{ listConnections: (env: Record<string, string>) => Connection[] }} */
const { listConnections } = createRequire(import.meta.url)("../programs/workload.cjs");

/** @typedef {{ name: string, sinkOrgId: string, apiKey: string, appKey: string }} Connection */

/**
 * Writes the program in the fastest form that OpenTofu 1.12 has. For one source: `count` over a local list,
 * because `for_each` takes more CPU time in all operations but destroy, over a local list too. For a hub: literal blocks,
 * because `for_each` in a provider takes 20 to 30% longer.
 * @param {import("../workloads.mjs").Workload} workload
 * @param {Record<string, string>} env of the program
 */
export function createTofuProgram(workload, env) {
  const connections = listConnections(env);
  const blocks = isHub(workload) ? connections.map((one) => createHubBlocks(env, one)) : [createList(env)];
  return [header, ...blocks].join("\n");
}

const header = `terraform {
  required_providers {
    datadog = { source = "datadog/datadog" }
  }
}

variable "types" { type = list(string) }
`;

/** @param {Record<string, string>} env @param {Connection} connection */
const createHubBlocks = (env, { name, sinkOrgId, apiKey, appKey }) => `provider "datadog" {
  alias    = "${name}"
  api_url  = "${env["DD_HOST"]}"
  api_key  = "${apiKey}"
  app_key  = "${appKey}"
  validate = "false"
}

resource "datadog_org_connection" "${name}" {
  provider         = datadog.${name}
  sink_org_id      = "${sinkOrgId}"
  connection_types = var.types
}
`;

/** @param {Record<string, string>} env */
const createList = (env) => `provider "datadog" {
  api_url  = "${env["DD_HOST"]}"
  api_key  = "${env["DD_API_KEY"]}"
  app_key  = "${env["DD_APP_KEY"]}"
  validate = "false"
}

locals {
  destinations = ${JSON.stringify(listConnections(env).map(({ sinkOrgId }) => sinkOrgId))}
}

resource "datadog_org_connection" "to" {
  count            = length(local.destinations)
  sink_org_id      = local.destinations[count.index]
  connection_types = var.types
}
`;
