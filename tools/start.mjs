import { createRequire } from "node:module";
import { prepare } from "./bootstrap.mjs";
import { formatNextSteps } from "./next-steps.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { formatBold, createStack } from "./quick-start-stack.mjs";
import { SetupError, exitWithError } from "./setup-error.mjs";

// `npm start` runs the quick-start example with the real engine against the sandbox, and checks each step.

/** The exit code of `review` if data stops being shared. */
const STOPS_SHARING = 4;

try {
  await prepare({ log: logLine });
  const { binDir } = await ensurePulumi({ log: logLine });
  // Loads the built package, as a program does, with the types of its source.
  /** @type {import("../sandbox/src/index.js")} */
  const { startSandbox } = createRequire(import.meta.url)("datadog-org-connections-sandbox");
  const sandbox = await startSandbox();
  try {
    await runTour(sandbox, binDir);
  } finally {
    await sandbox.close();
  }
} catch (error) {
  exitWithError(error);
}

/**
 * @param {import("../sandbox/src/index.js").Sandbox} sandbox
 * @param {string} binDir
 */
async function runTour(sandbox, binDir) {
  const pulumi = createStack(sandbox, binDir);
  await pulumi.runQuietly("stack", "init", "demo");
  const configureShare = (/** @type {string} */ at, /** @type {string} */ value) =>
    pulumi.runVisibly("config", "set", "--path", `share.${at}`, value);

  printTitle(
    "1. Declare",
    "Acme Payments shares logs with the hub, and audit events with the security team.",
  );
  await configureShare("hub.sink", "Acme Observability");
  await configureShare("hub.types[0]", "logs");
  await configureShare("security.sink", "Acme Security");
  await configureShare("security.types[0]", "audit");

  printTitle("2. Preview", "Shows what a reviewer sees. Writes nothing.");
  await pulumi.runVisibly("preview", "--diff");
  expectLive(sandbox, []);

  printTitle("3. Up", "Creates the connections.");
  await pulumi.runVisibly("up", "--yes", "--skip-preview");
  expectLive(sandbox, ["payments → observability: logs", "payments → security: audit"]);

  printTitle(
    "4. Up again",
    "No changes, and no request by a resource: the only request is the program's call of a function.",
  );
  sandbox.clearRequests();
  await pulumi.runVisibly("up", "--yes", "--skip-preview", "--expect-no-changes");
  expectRequests(sandbox, ["GET /api/v2/org"]);

  printTitle(
    "5. Review",
    "A change adds a type for the hub, and sends the audit events to another organization. What its reviewers see:",
  );
  await configureShare("hub.types[1]", "metrics");
  await configureShare("security.sink", "Acme Search");
  await pulumi.writePreview("preview.json");
  await pulumi.runCommandLine([STOPS_SHARING], "review", "preview.json", "--stack", "demo", "--lookup");
  expectLive(sandbox, ["payments → observability: logs", "payments → security: audit"]);

  printTitle("6. Change", "Applies the change. The new destination is a replacement.");
  await pulumi.runVisibly("up", "--yes", "--skip-preview", "--diff");
  expectLive(sandbox, ["payments → observability: logs, metrics", "payments → search: audit"]);

  printTitle(
    "7. Drift",
    "Another user removes metrics from the hub and deletes the other connection manually.",
  );
  for (const { id, connectionTypes } of sandbox.listConnections()) {
    if (connectionTypes.includes("audit")) sandbox.disconnect(id);
    else sandbox.changeTypes(id, ["logs"]);
  }
  expectLive(sandbox, ["payments → observability: logs"]);
  await pulumi.runVisibly("up", "--yes", "--skip-preview", "--refresh", "--diff");
  expectLive(sandbox, ["payments → observability: logs, metrics", "payments → search: audit"]);

  printTitle("8. Discover", "Another user creates a connection manually. This program would adopt it.");
  sandbox.connect({ source: "payments", sink: "checkout", connectionTypes: ["logs"] });
  await pulumi.runCommandLine([0], "discover", "--stack", "demo");

  printTitle("9. Map", "Shows who shares what with whom. A page for a browser is the default format.");
  await pulumi.runCommandLine([0], "map", "--live", "--stack", "demo", "--format", "mermaid");

  printTitle("10. Destroy", "Deletes the connections of the stack. The manually created one stays.");
  await pulumi.runVisibly("destroy", "--yes", "--skip-preview");
  expectLive(sandbox, ["payments → checkout: logs"]);

  console.log(`\n${formatBold("The tour is complete.")}${formatNextSteps({ binDir })}`);
}

/** @param {string} name @param {string} text */
function printTitle(name, text) {
  console.log(`\n${formatBold(`── ${name} `)}${"─".repeat(Math.max(2, 76 - name.length))}\n${text}\n`);
}

/**
 * Checks the connections in the sandbox, independent of the stack.
 * @param {import("../sandbox/src/index.js").Sandbox} sandbox
 * @param {string[]} expected
 */
function expectLive(sandbox, expected) {
  const getKey = (/** @type {string} */ id) => sandbox.organizations.find((org) => org.id === id)?.key ?? id;
  const live = sandbox
    .listConnections()
    .map(
      (row) =>
        `${getKey(row.sourceOrgId)} → ${getKey(row.sinkOrgId)}: ${[...row.connectionTypes].sort().join(", ")}`,
    )
    .sort();
  console.log(`Live now: ${live.join("; ") || "no connection"}`);
  expectSame("live connections", live, [...expected].sort());
}

/**
 * @param {import("../sandbox/src/index.js").Sandbox} sandbox
 * @param {string[]} expected
 */
function expectRequests(sandbox, expected) {
  const requests = sandbox.requests.map(({ method, path }) => `${method} ${path}`);
  console.log(`Requests: ${requests.join("; ")}`);
  expectSame("requests", requests, expected);
}

/** @param {string} what @param {string[]} actual @param {string[]} expected */
function expectSame(what, actual, expected) {
  if (actual.join("; ") === expected.join("; ")) return;
  throw new SetupError(`Unexpected ${what}: [${actual.join("; ")}] instead of [${expected.join("; ")}].`);
}
