// Which source file may import which. `npm test` checks it; what a package may import from npm is in its package.json.

/**
 * A folder imports the folders before it in the list, and nothing else of its package.
 * @param {string} root
 * @param {string[]} folders
 */
const layers = (root, folders) =>
  folders.map((folder, at) => ({
    name: `direction: ${root}/${folder}`,
    comment: `The folders of ${root} build on each other in this order: ${folders.join(", ")}.`,
    severity: "error",
    from: { path: `^${root}/${folder}/` },
    to: { path: `^${root}/`, pathNot: folders.slice(0, at + 1).map((one) => `^${root}/${one}/`) },
  }));

/**
 * @param {string} name
 * @param {string} comment why
 * @param {object} from
 * @param {object} to
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

const PACKAGES = "^(core|provider|plugin|sandbox|cli)/src/";

export default {
  forbidden: [
    ...layers("core/src", [
      "text",
      "api",
      "program",
      "credentials",
      "identity",
      "operation",
      "connection",
      "connection-set",
      "functions",
      "host",
    ]),
    ...layers("cli/src", ["shared", "stack", "live", "changes", "policy", "topology", "commands"]),
    forbid(
      "core: no other package",
      "core is compiled into the others, so it knows none of them.",
      { path: "^core/src/" },
      { path: "^(provider|plugin|sandbox|cli)/" },
    ),
    forbid(
      "provider: only core",
      "The process that holds credentials runs nothing of the command line or the sandbox.",
      { path: "^provider/src/" },
      { path: "^(plugin|sandbox|cli)/" },
    ),
    forbid(
      "plugin: only core",
      "Both hosts of the lifecycle are separate: a plugin needs no program in JavaScript.",
      { path: "^plugin/src/" },
      { path: "^(provider|sandbox|cli)/" },
    ),
    forbid(
      "provider: programs load no host",
      "These modules end their process when no engine accepts connections.",
      { path: "^provider/src/(resources|functions)/" },
      { path: "^(provider/src/host/(dynamic|process-context)|core/src/host/(create-context|engine-watch))" },
    ),
    forbid(
      "sandbox: only routes and wire types of core",
      "A sandbox that shared the client's code would confirm the client's mistakes.",
      { path: "^sandbox/src/" },
      { path: ["^core/src/", "^(provider|plugin|cli)/"], pathNot: "^core/src/api/(routes|wire)\\.ts$" },
    ),
    forbid(
      "cli: no host",
      "The command line works without a Pulumi program.",
      { path: "^cli/src/" },
      {
        path: ["^(provider|plugin)/", "^core/src/host/"],
        pathNot: "^core/src/host/(provider-lines|type-tokens)\\.ts$",
      },
    ),
    forbid(
      "cli: commands do not import each other",
      "What two commands need is in a folder of its own.",
      { path: "^cli/src/commands/([^/]+)/" },
      { path: "^cli/src/commands/", pathNot: "^cli/src/commands/$1/" },
    ),
    forbid(
      "only the sandbox command loads the sandbox",
      "No other command starts a server.",
      { path: "^cli/src/", pathNot: "^cli/src/commands/sandbox/" },
      { path: "^sandbox/" },
    ),
    forbid(
      "only the hosts know Pulumi",
      "Lifecycle and command line serve other engines too.",
      { path: PACKAGES, pathNot: "^(provider|plugin)/src/" },
      { path: "node_modules/@pulumi/" },
    ),
    forbid(
      "axios in one file",
      "All requests take one way out, with its limits and without redirects.",
      { path: PACKAGES, pathNot: "^core/src/api/http\\.ts$" },
      // `doctor` reads NO_PROXY with this file, which sends no request.
      { path: "node_modules/axios/", pathNot: "/shouldBypassProxy\\.js$" },
    ),
    forbid(
      "the HTTP client is loaded when it is needed",
      "A preview or a command without a request starts without it.",
      { path: PACKAGES, pathNot: "^core/src/(api|identity)/" },
      {
        path: "^core/src/(api/(client|call|attempt|failures|http)|identity/[^/]+)\\.ts$",
        dependencyTypesNot: ["dynamic-import", "type-only"],
      },
    ),
    forbid(
      "the libraries of a cloud are loaded when they are needed",
      "They are optional: only workload identities of this cloud need them.",
      { path: PACKAGES },
      {
        path: "node_modules/(@aws-crypto|@aws-sdk|@azure|@smithy|google-auth-library)/",
        dependencyTypesNot: ["dynamic-import", "type-only"],
      },
    ),
    forbid("no cycles", "A cycle has no order to read it in.", { path: PACKAGES }, { circular: true }),
    forbid(
      "only declared packages",
      "A published package must install what it imports.",
      { path: PACKAGES },
      { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"] },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "types", "default"] },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
  },
};
