import { getKeyNames, packageName, projectName } from "./programs.mjs";

const sources = ["payments", "checkout"];
const token = `${packageName}:index:OrgConnection`;

/**
 * The same scenario for a program in every language: create, no-op, drift, repair, replace, adopt, import, destroy,
 * with two organizations by two explicit providers. Each step is checked in the sandbox, not in the stack. Rejects
 * on the first difference.
 * @param {object} options
 * @param {import("./programs.mjs").Language} options.language
 * @param {string} options.folder of the program
 * @param {string | undefined} options.plugin the folder of the plugin's package, unless the plugin is installed
 * @param {import("../../sandbox/src/index.js").Sandbox} options.sandbox
 * @param {(...args: string[]) => Promise<string>} options.pulumi runs the CLI in the folder, with a stack
 *   `dev`. Rejects if it fails
 */
export async function runScenario({ language, folder, plugin, sandbox, pulumi }) {
  /** @param {import("./programs.mjs").Declared[]} connections */
  const declare = (...connections) =>
    language.write(folder, { sources, connections, url: sandbox.url, plugin });
  const { expectWrites, expectLive, getLiveId } = createChecks(sandbox);
  const up = () => pulumi("up", "--yes", "--skip-preview");
  const expectNoChanges = () => pulumi("preview", "--expect-no-changes");

  const logs = { name: "logs", source: "payments", destination: "Acme Observability", types: ["logs"] };
  const metrics = {
    name: "metrics",
    source: "checkout",
    destination: "Acme Observability",
    types: ["metrics"],
  };
  declare(logs, metrics);
  const secrets = await setKeys(sandbox, pulumi);
  await pulumi("preview");
  expectWrites("preview");
  await up();
  expectWrites("create", "POST by checkout", "POST by payments");
  expectLive("create", "checkout to observability: metrics", "payments to observability: logs");
  await expectNoChanges();
  await up();
  expectWrites("an up without changes");

  const created = getLiveId("payments", "observability");
  sandbox.changeTypes(created, ["audit"]);
  await pulumi("refresh", "--yes", "--skip-preview");
  expectWrites("refresh");
  await expectFailure("a preview after drift", expectNoChanges);
  await up();
  expectWrites("repaired drift", "PATCH by payments");
  expectLive("repaired drift", "checkout to observability: metrics", "payments to observability: logs");
  if (getLiveId("payments", "observability") !== created)
    throw new Error("the repair replaced the connection");

  const moved = { ...logs, destination: "Acme Security" };
  declare(moved, metrics);
  await up();
  expectWrites("replace", "DELETE by payments", "POST by payments");
  expectLive("replace", "checkout to observability: metrics", "payments to security: logs");

  const existing = sandbox.connect({ source: "checkout", sink: "security", connectionTypes: ["audit"] });
  const adopted = {
    name: "adopted",
    source: "checkout",
    destination: "Acme Security",
    types: ["audit"],
    adopt: true,
  };
  declare(moved, metrics, adopted);
  await up();
  expectWrites("adopt");
  if (!(await pulumi("stack", "export")).includes(existing))
    throw new Error("the connection was not adopted");

  const other = sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
  const provider = `urn:pulumi:dev::${projectName}::pulumi:providers:${packageName}::payments`;
  const quiet = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
  await pulumi("import", token, "imported", other, "--provider", `payments=${provider}`, ...quiet);
  declare(moved, metrics, adopted, { ...logs, name: "imported", destination: "Acme Search" });
  await expectNoChanges();
  expectWrites("import");

  const state = await pulumi("stack", "export");
  if (secrets.some((secret) => state.includes(secret))) throw new Error("the state contains a key");
  await pulumi("destroy", "--yes", "--skip-preview");
  expectWrites(
    "destroy",
    ...["checkout", "checkout", "payments", "payments"].map((key) => `DELETE by ${key}`),
  );
  expectLive("destroy");
}

/**
 * Sets the keys of the two organizations as secrets of the stack. Returns the keys.
 * @param {import("../../sandbox/src/index.js").Sandbox} sandbox
 * @param {(...args: string[]) => Promise<string>} pulumi
 */
async function setKeys(sandbox, pulumi) {
  const entries = sources.flatMap((source) => {
    const { apiKey, appKey } = sandbox.getOrganization(source);
    const names = getKeyNames(source);
    return [
      { name: names.apiKey, key: apiKey },
      { name: names.appKey, key: appKey },
    ];
  });
  const args = entries.flatMap(({ name, key }) => ["--secret", `${name}=${key}`]);
  await pulumi("config", "set-all", ...args);
  return entries.map(({ key }) => key);
}

/** @param {import("../../sandbox/src/index.js").Sandbox} sandbox */
function createChecks(sandbox) {
  /** @param {string} id */
  const getKey = (id) => sandbox.organizations.find((org) => org.id === id)?.key;
  let checkedRequests = 0;
  return {
    /**
     * Compares the writes since the last call, with the organization that the keys of each belong to.
     * @param {string} step @param {...string} expected
     */
    expectWrites(step, ...expected) {
      const writes = sandbox.requests
        .slice(checkedRequests)
        .filter(({ method }) => method !== "GET")
        .map(({ method, organization }) => `${method} by ${organization}`);
      checkedRequests = sandbox.requests.length;
      expectEqual(`${step} sent`, writes.sort(), expected);
    },
    /** @param {string} step @param {...string} expected */
    expectLive(step, ...expected) {
      const live = sandbox
        .listConnections()
        .map(
          (row) =>
            `${getKey(row.sourceOrgId)} to ${getKey(row.sinkOrgId)}: ${row.connectionTypes.join(", ")}`,
        );
      expectEqual(`after ${step}, the sandbox has`, live.sort(), expected);
    },
    /** @param {string} source @param {string} destination */
    getLiveId(source, destination) {
      const found = sandbox
        .listConnections()
        .find((row) => getKey(row.sourceOrgId) === source && getKey(row.sinkOrgId) === destination);
      if (!found) throw new Error(`there is no connection from ${source} to ${destination}`);
      return found.id;
    },
  };
}

/** @param {string} what @param {string[]} actual @param {string[]} expected */
function expectEqual(what, actual, expected) {
  if (actual.join("; ") === expected.join("; ")) return;
  throw new Error(`${what} [${actual.join("; ")}] instead of [${expected.join("; ")}]`);
}

/** @param {string} what @param {() => Promise<unknown>} work */
async function expectFailure(what, work) {
  try {
    await work();
  } catch {
    return;
  }
  throw new Error(`${what} shows no change`);
}
