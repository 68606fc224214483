const precedence = ["test/credentials/precedence.test.ts"];
const settings = ["test/credentials/settings.test.ts"];
const site = ["test/credentials/site.test.ts"];
const engineGone = ["test/hosts/engine-gone.test.ts"];
const sessions = ["test/hosts/sessions.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const surroundings = [
  {
    name: "credentials: a named organization falls back to the default keys",
    file: "credentials/resolve.ts",
    find: 'return [environment, level(property, ["apiKey", "appKey", "site", "url"], true)];',
    replace:
      'return [environment, level(property, ["apiKey", "appKey", "site", "url"], true), ...levelsOf(undefined, { config, env })];',
    tests: precedence,
  },
  {
    name: "credentials: a half-set level is passed over",
    file: "credentials/resolve.ts",
    find: "isSet(apiKey) || isSet(appKey)",
    replace: "isSet(apiKey) && isSet(appKey)",
    tests: precedence,
  },
  {
    name: "credentials: an empty second key is accepted",
    file: "credentials/resolve.ts",
    find: '  if (key === "") {',
    replace: '  if (key === "" && otherName === "") {',
    tests: precedence,
  },
  {
    name: "credentials: configuration wins over the environment",
    file: "credentials/resolve.ts",
    find: "const level = levels.find(",
    replace: "const level = [...levels].reverse().find(",
    tests: precedence,
  },
  {
    name: "credentials: names of one suffix are accepted",
    file: "credentials/resolve.ts",
    find: "  refuseSharedSuffix(source, names);\n",
    replace: "",
    tests: precedence,
  },
  {
    name: "credentials: default keys of the Datadog provider serve a name",
    file: "credentials/resolve.ts",
    find: "  if (source !== undefined) {\n    const own: Record",
    replace:
      '  if (source !== undefined && source !== "" && namedOrganizations(config).has(source)) {\n    const own: Record',
    tests: precedence,
  },
  {
    name: "credentials: signs that no key has are accepted",
    file: "credentials/resolve.ts",
    find: "if (!/^[\\x21-\\x7e]+$/.test(key)) {",
    replace: "if (!key) {",
    tests: settings,
  },
  {
    name: "credentials: http is accepted for everybody",
    file: "credentials/base-url.ts",
    find: '!(url.protocol === "http:" && isLoopback(url.hostname))',
    replace: 'url.protocol !== "http:"',
    tests: site,
  },
  {
    name: "credentials: a name that begins like loopback is loopback",
    file: "credentials/base-url.ts",
    find: "/^127(\\.\\d{1,3}){3}$/.test(host)",
    replace: '/^127\\./.test(host) || host.startsWith("localhost")',
    tests: site,
  },
  {
    name: "credentials: an address may hold a user",
    file: "credentials/base-url.ts",
    find: 'url.username !== "" || url.password !== "" || ',
    replace: "",
    tests: site,
  },
  {
    name: "settings: a wrong value is quoted",
    file: "credentials/settings.ts",
    find: "`Each organization may have apiKey",
    replace: "`${parsed.issues[0].message} Each organization may have apiKey",
    tests: settings,
  },
  {
    name: "settings: an unknown property passes",
    file: "credentials/settings.ts",
    find: "const organization = v.strictObject({",
    replace: "const organization = v.object({",
    tests: settings,
  },
  {
    name: "settings: a name may have the form of a UUID",
    file: "credentials/settings.ts",
    find: "      refuseUuid(name);\n",
    replace: "",
    tests: settings,
  },
  {
    name: "engine: a dead one counts as alive",
    file: "client/accepts-connections.ts",
    find: 'socket.once("error", () => end(false));',
    replace: 'socket.once("error", () => end(true));',
    tests: engineGone,
  },
  {
    name: "engine: the host does not ask for it",
    file: "hosts/process-world.ts",
    find: "{ beforeWrite: requireEngine }",
    replace: "{}",
    tests: engineGone,
  },
  {
    name: "sessions: the question is not handed to the client",
    file: "hosts/sessions.ts",
    find: "...(this.options.beforeWrite && { beforeWrite: this.options.beforeWrite }),",
    replace: "",
    tests: engineGone,
  },
  {
    name: "sessions: two names of one variable are accepted",
    file: "hosts/sessions.ts",
    find: "    this.refuseTwin(credentials);\n",
    replace: "",
    tests: sessions,
  },
  {
    name: "sessions: a configured id is no part of a session",
    file: "hosts/sessions.ts",
    find: "JSON.stringify([baseUrl, apiKey, appKey, auth, organizationId])",
    replace: "JSON.stringify([baseUrl, apiKey, appKey, auth])",
    tests: sessions,
  },
  {
    name: "sessions: one session for one API key",
    file: "hosts/sessions.ts",
    find: "JSON.stringify([baseUrl, apiKey, appKey, auth, organizationId])",
    replace: "JSON.stringify([baseUrl, apiKey, auth, organizationId])",
    tests: sessions,
  },
  {
    name: "sessions: each short wait is told",
    file: "hosts/sessions.ts",
    find: "        if (ms < SILENT_WAIT_MS) return;\n",
    replace: "",
    tests: sessions,
  },
  {
    name: "errors: a printed error keeps its stack",
    file: "errors/org-connections-error.ts",
    find: "    this.stack = this.message;\n",
    replace: "",
    tests: ["test/client/bounds.test.ts"],
  },
];
