import { createRequire } from "node:module";
import { prepare } from "./bootstrap.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { bold, freshStack } from "./quick-start-stack.mjs";
import { SetupError, exitWith } from "./setup-error.mjs";

// `npm start`: the quick-start example, run by the real engine against the sandbox, step by step, each step checked.

try {
  await prepare({ log: logLine });
  const { binDir } = await ensurePulumi({ log: logLine });
  // The built package, as a program gets it; typed by its source.
  /** @type {import("../sandbox/src/index.js")} */
  const { startSandbox } = createRequire(import.meta.url)("datadog-org-connections-sandbox");
  const sandbox = await startSandbox();
  try {
    await tour(sandbox, binDir);
  } finally {
    await sandbox.close();
  }
} catch (error) {
  exitWith(error);
}

/**
 * @param {import("../sandbox/src/index.js").Sandbox} sandbox
 * @param {string} binDir
 */
async function tour(sandbox, binDir) {
  const pulumi = freshStack(sandbox, binDir);
  await pulumi.quietly("stack", "init", "demo");
  const share = (/** @type {string} */ at, /** @type {string} */ value) =>
    pulumi.shown("config", "set", "--path", `share.${at}`, value);

  title(
    "1. Declare",
    "Acme Payments is to share logs with the hub, and audit events with the security team.",
  );
  await share("hub.sink", "Acme Observability");
  await share("hub.types[0]", "logs");
  await share("security.sink", "Acme Security");
  await share("security.types[0]", "audit");

  title("2. Preview", "What a reviewer sees. Nothing is written.");
  await pulumi.shown("preview", "--diff");
  expectLive(sandbox, []);

  title("3. Up", "The connections are made.");
  await pulumi.shown("up", "--yes", "--skip-preview");
  expectLive(sandbox, ["payments → observability: logs", "payments → security: audit"]);

  title("4. Up again", "Nothing to do, and no request by a resource: the one look-up is the program's own.");
  sandbox.clearRequests();
  await pulumi.shown("up", "--yes", "--skip-preview", "--expect-no-changes");
  expectRequests(sandbox, ["GET /api/v2/org"]);

  title(
    "5. Change",
    "A type is added for the hub; the audit events go to another organization: a replacement.",
  );
  await share("hub.types[1]", "metrics");
  await share("security.sink", "Acme Search");
  await pulumi.shown("up", "--yes", "--skip-preview", "--diff");
  expectLive(sandbox, ["payments → observability: logs, metrics", "payments → search: audit"]);

  title("6. Drift", "Somebody takes metrics away from the hub and ends the other connection, by hand.");
  for (const { id, connectionTypes } of sandbox.connections()) {
    if (connectionTypes.includes("audit")) sandbox.disconnect(id);
    else sandbox.changeTypes(id, ["logs"]);
  }
  expectLive(sandbox, ["payments → observability: logs"]);
  await pulumi.shown("up", "--yes", "--skip-preview", "--refresh", "--diff");
  expectLive(sandbox, ["payments → observability: logs, metrics", "payments → search: audit"]);

  title("7. Destroy", "The sharing ends.");
  await pulumi.shown("destroy", "--yes", "--skip-preview");
  expectLive(sandbox, []);

  console.log(`
${bold("That was all of it.")} The program is examples/quick-start/index.ts. For your own organization:

  export DD_SITE=datadoghq.com DD_API_KEY=… DD_APP_KEY=…      # the keys of the organization that shares
  pulumi stack init dev
  pulumi preview                                              # lists the organizations to choose from
  pulumi config set --path 'share.hub.sink' 'Name of the destination'
  pulumi config set --path 'share.hub.types[0]' logs
  pulumi preview && pulumi up
`);
}

/** @param {string} name @param {string} text */
function title(name, text) {
  console.log(`\n${bold(`── ${name} `)}${"─".repeat(Math.max(2, 76 - name.length))}\n${text}\n`);
}

/**
 * What the sandbox holds, whatever the stack says.
 * @param {import("../sandbox/src/index.js").Sandbox} sandbox
 * @param {string[]} expected
 */
function expectLive(sandbox, expected) {
  const key = (/** @type {string} */ id) => sandbox.organizations.find((org) => org.id === id)?.key ?? id;
  const live = sandbox
    .connections()
    .map(
      (row) =>
        `${key(row.sourceOrgId)} → ${key(row.sinkOrgId)}: ${[...row.connectionTypes].sort().join(", ")}`,
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
  throw new SetupError(`A surprise: ${what} are [${actual.join("; ")}], expected [${expected.join("; ")}].`);
}
