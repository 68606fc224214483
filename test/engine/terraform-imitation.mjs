// An imitation of the commands of `terraform` that the guide uses, with the state file in the working directory. Terraform may
// not be installed. Usage: node terraform-imitation.mjs state pull | rm ADDRESS… | push -force FILE
import { readFileSync, writeFileSync } from "node:fs";

const STATE = "terraform.tfstate";
const [, command, ...args] = process.argv.slice(2);

/** @param {{ module?: string, type: string, name: string }} resource @param {{ index_key?: string | number }} instance */
const formatAddress = ({ module, type, name }, { index_key: key }) =>
  `${module === undefined ? "" : `${module}.`}${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`;

/** @param {readonly string[]} addresses */
function forget(addresses) {
  const state = JSON.parse(readFileSync(STATE, "utf8"));
  const missing = new Set(addresses);
  for (const resource of state.resources) {
    resource.instances = resource.instances.filter(
      (/** @type {any} */ instance) => !missing.delete(formatAddress(resource, instance)),
    );
  }
  if (missing.size > 0) throw new Error(`the state has no ${[...missing].join(", ")}`);
  writeFileSync(STATE, JSON.stringify(state));
}

if (command === "pull") process.stdout.write(readFileSync(STATE, "utf8"));
else if (command === "rm") forget(args);
else if (command === "push" && args[0] === "-force")
  writeFileSync(STATE, readFileSync(args[1] ?? "", "utf8"));
else throw new Error(`unknown command: ${process.argv.slice(2).join(" ")}`);
