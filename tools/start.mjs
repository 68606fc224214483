import { spawn } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { formatNextSteps } from "./next-steps.mjs";
import { exitWithError, logLine, SetupError } from "./output.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { createIsolatedEnv } from "./pulumi-env.mjs";

// `npm start` runs the quick-start example with the real engine against the sandbox, and checks each step.

const place = join(root, ".local", "quick-start");

/**
 * Creates a copy of the example in an ignored folder, with its own backend, so that the user's files do not
 * change.
 * @param {import("../sandbox/src/index.js").Sandbox} sandbox
 * @param {string} binDir
 */
function createStack(sandbox, binDir) {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(join(place, "backend"), { recursive: true });
  const example = join(root, "examples", "quick-start");
  cpSync(example, place, { recursive: true, filter: (path) => !path.includes("node_modules") });
  const { apiKey, appKey } = sandbox.getOrganization("payments");
  const env = createIsolatedEnv({
    home: join(place, "home"),
    backendDir: join(place, "backend"),
    binDir,
    extra: {
      DD_HOST: sandbox.url,
      DD_API_KEY: apiKey,
      DD_APP_KEY: appKey,
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      // Since Node 22, caches compiled code for the next command.
      NODE_COMPILE_CACHE: join(root, ".local", "compile-cache"),
    },
  });

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{ stdout?: "inherit" | "ignore" | number, codes?: number[] }} [options] `codes`: the expected exit codes
   */
  const run = (command, args, { stdout = "inherit", codes = [0] } = {}) =>
    /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        const child = spawn(command, args, { cwd: place, env, stdio: ["ignore", stdout, "inherit"] });
        child.on("error", reject);
        child.on("close", (code) => {
          if (code !== null && codes.includes(code)) return resolve();
          reject(new SetupError(`${command} ${args.join(" ")} failed with exit code ${code}.`));
        });
      })
    );
  return {
    /** @param {...string} args */
    runQuietly: (...args) => run("pulumi", args, { stdout: "ignore" }),
    /** @param {...string} args */
    runVisibly: (...args) => {
      printCommand("pulumi", args);
      return run("pulumi", args);
    },
    /**
     * Writes the events of a preview to a file in the folder of the example.
     * @param {string} file
     */
    writePreview: async (file) => {
      const args = ["preview", "--json"];
      printCommand("PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi", args, ` > ${file}`);
      const stdout = openSync(join(place, file), "w");
      try {
        await run("pulumi", args, { stdout });
      } finally {
        closeSync(stdout);
      }
    },
    /**
     * Runs `datadog-org-connections`.
     * @param {number[]} codes the expected exit codes
     * @param {...string} args
     */
    runCommandLine: (codes, ...args) => {
      printCommand("datadog-org-connections", args);
      return run(process.execPath, [join(root, "cli", "dist", "main.js"), ...args], { codes });
    },
  };
}

/** @param {string} command @param {string[]} args */
function printCommand(command, args, end = "") {
  console.log(formatBold(`$ ${command} ${args.map(quote).join(" ")}${end}`));
}

/** @param {string} text */
function formatBold(text) {
  return process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text;
}

/** @param {string} text */
function quote(text) {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text}'`;
}

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
