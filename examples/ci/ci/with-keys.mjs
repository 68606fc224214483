// Runs a command with the keys of many organizations, from one secret of the CI system:
//   node ci/with-keys.mjs COMMAND [ARGUMENT…]
// The variable ORGANIZATION_KEYS contains JSON, or the path of a file with JSON (GitLab: a variable of the type File):
//   { "payments": { "apiKey": "…", "appKey": "…" }, "acme.eu": { "apiKey": "…", "appKey": "…", "site": "datadoghq.eu" } }
// A bearer token can replace both keys of an organization: { "payments": { "bearerToken": "…" } }
// Only the command gets the keys, as DD_API_KEY__PAYMENTS and so on. They are never part of a command line.
//
// On GitHub, this hides each key in the logs of the job. Without it, GitHub only hides the complete JSON:
//   node ci/with-keys.mjs --mask
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** The settings of an organization, and the environment variable of each. */
const VARIABLES = {
  apiKey: "DD_API_KEY",
  appKey: "DD_APP_KEY",
  bearerToken: "DD_BEARER_TOKEN",
  site: "DD_SITE",
};

const [command, ...args] = process.argv.slice(2);
const { ORGANIZATION_KEYS: source = "", ...env } = process.env;
if (command === undefined)
  fail("Usage: node ci/with-keys.mjs COMMAND [ARGUMENT…], or node ci/with-keys.mjs --mask");
const keys = readKeys();
if (command === "--mask") {
  if (env.GITHUB_ACTIONS !== "true")
    fail("--mask prints the keys for GitHub Actions, which hides them. Run it only there.");
  for (const [variable, value] of keys) {
    if (!variable.startsWith(VARIABLES.site)) console.log(`::add-mask::${value.replaceAll("%", "%25")}`);
  }
} else runCommand();

function runCommand() {
  const child = spawn(command, args, { env: { ...env, ...Object.fromEntries(keys) }, stdio: "inherit" });
  // The command decides how it ends.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("error", ({ code }) => fail(`${command} did not start (${code}). Is it on PATH?`));
  child.on("close", (code) => (process.exitCode = code ?? 1));
}

/** Reads the keys as environment variables. A message names organizations and settings, but contains no value. */
function readKeys() {
  if (source.trim() === "") fail("ORGANIZATION_KEYS is not set. Does this step have access to the secret?");
  const variables = new Map();
  for (const [name, settings] of Object.entries(parseKeys())) {
    const { apiKey, appKey, bearerToken } = settings ?? {};
    if (bearerToken ? apiKey || appKey : !apiKey || !appKey)
      fail(`${name} needs "apiKey" and "appKey", or "bearerToken" alone.`);
    for (const [setting, value] of Object.entries(settings)) {
      if (!Object.hasOwn(VARIABLES, setting) || typeof value !== "string" || /[\r\n\0]/.test(value))
        fail(
          `${name}.${setting} is invalid. Allowed are strings of one line: ${Object.keys(VARIABLES).join(", ")}.`,
        );
      const variable = `${VARIABLES[setting]}__${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
      if (variables.has(variable))
        fail(`${name} has the same variables as another name (${variable}). Rename one.`);
      variables.set(variable, value);
    }
  }
  return variables;
}

function parseKeys() {
  try {
    const text = source.trimStart().startsWith("{") ? source : readFileSync(source.trim(), "utf8");
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The message of the parser or of the file system could contain a part of the secret.
  }
  fail("ORGANIZATION_KEYS is neither a JSON object nor the path of a file with one.");
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
