/** A repository that uses the recipes without long-lived keys, its state, and the sandbox in place of Datadog. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { parseSeed, type LoggedRequest } from "../../../sandbox/src/index.js";
import { useExample } from "../../pages/guides/example.js";
import type { Shell, ShellRun } from "../../pages/shell.js";
import { ROOT } from "../../tree.js";

const EXAMPLE = "examples/no-long-lived-keys";

/** Reads a file of the example. */
export const readExampleFile = (name: string): string => readFileSync(path.join(ROOT, EXAMPLE, name), "utf8");

/** The ids of the organizations of the example, by name. */
export const organizations = new Map(
  Object.entries(
    (parse(readExampleFile("Pulumi.prod.yaml")) as { config: Record<string, Record<string, { id: string }>> })
      .config["datadog-org-connections:organizations"] ?? {},
  ).map(([name, { id }]) => [name, id]),
);

/** The names of the organizations of the example. */
export const names = [...organizations.keys()];

/** Every connection of the program. */
export const ALL_CREATED = names.map((name) => `${name} → hub: logs, metrics`).toSorted();

/** What a script of CI runs with. */
export interface RunInput {
  script: string;
  variables: Record<string, string>;
  /** The options of bash. */
  flags: string;
}

/** The seed of the example: its organizations, and the identities that they accept. */
const seed = parseSeed(
  JSON.parse(execFileSync(process.execPath, [path.join(ROOT, EXAMPLE, "seed.mjs")], { encoding: "utf8" })),
);
export const { identities = [] } = seed;

/** Sets up the sandbox and the example for the tests of one file. */
export function useRepository() {
  const example = useExample(EXAMPLE, { seed });
  return {
    example,
    /** Creates a shell with an empty stack `prod`, and no credentials. */
    async startShell(): Promise<Shell> {
      const shell = await example.startShell("export STACK=prod DD_HOST=http://127.0.0.1:8226");
      await shell.run("pulumi stack init prod");
      return shell;
    },
    /** Takes the requests since the last call: whose proofs were exchanged, and the other requests. */
    takeRequests(): { exchanged: string[]; others: LoggedRequest[] } {
      const requests = [...example.sandbox.requests];
      example.sandbox.clearRequests();
      const isExchange = ({ route }: LoggedRequest) => route === "exchangeToken";
      return {
        exchanged: requests.filter(isExchange).map(({ organization = "unknown" }) => organization),
        others: requests.filter((request) => !isExchange(request)),
      };
    },
  };
}

/** Runs a script of CI with its variables, which the next script does not get. */
export function runScript(shell: Shell, { script, variables, flags }: RunInput): Promise<ShellRun> {
  shell.project.writeFile("script.sh", script);
  const assignments = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
  return shell.run(`env ${assignments.join(" ")} bash ${flags} script.sh`, {
    codes: Array.from({ length: 256 }, (_, code) => code),
  });
}
