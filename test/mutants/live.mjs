const inventory = ["test/cli/inventory.test.ts"];
const organizations = ["test/live/organizations.test.ts"];
const few = ["test/lifecycle/a-few-at-a-time.test.ts"];
const wrong = ["test/live/wrong-organization.test.ts"];
const doctor = ["test/cli/doctor.test.ts", "test/cli/doctor-network.test.ts"];
const map = ["test/topology/mermaid.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const live = [
  {
    name: "inventory: the end of a failed listing is no hole",
    file: "live/read.ts",
    find: "return { lookedAt: { names, checked: false, code: error.code, reason: error.text } };",
    replace: "return { lookedAt: { names, checked: true } };",
    tests: inventory,
  },
  {
    name: "inventory: keys of another organization than the configured one are read",
    file: "live/read.ts",
    find: '    await requireConfiguredId(session, "Reading its connections");\n',
    replace: "",
    tests: wrong,
  },
  {
    name: "inventory: a connection seen from both ends is two",
    file: "live/read.ts",
    find: "const known = rows.get(id);",
    replace: "const known = rows.get(`${id}${from}`);",
    tests: inventory,
  },
  {
    name: "inventory: what nobody could have seen is missing",
    file: "live/inventory.ts",
    find: "end !== undefined && read.has(end)",
    replace: "end !== undefined",
    tests: inventory,
  },
  {
    name: "inventory: without a state everything is unmanaged",
    file: "live/inventory.ts",
    find: "statesGiven: managed !== undefined,",
    replace: "statesGiven: true,",
    tests: inventory,
  },
  {
    name: "live: the same keys are asked for each of their names",
    file: "live/organizations.ts",
    find: "key: JSON.stringify([baseUrl, apiKey, appKey, organizationId]),",
    replace: "key: JSON.stringify([source, baseUrl, apiKey, appKey, organizationId]),",
    tests: organizations,
  },
  {
    name: "live: one name with other keys in another stack is lost",
    file: "live/organizations.ts",
    find: "key: JSON.stringify([baseUrl, apiKey, appKey, organizationId]),",
    replace: "key: JSON.stringify([source]),",
    tests: organizations,
  },
  {
    name: "live: an organization that only variables name is passed over",
    file: "live/organizations.ts",
    find: "...[...new Set(byVariable)].toSorted(),",
    replace: "",
    tests: organizations,
  },
  {
    name: "live: after a failure the rest is begun",
    file: "lifecycle/a-few-at-a-time.ts",
    find: "next < items.length && !failed",
    replace: "next < items.length",
    tests: few,
  },
  {
    name: "doctor: the application key goes to a host that is not Datadog's",
    file: "doctor/probe.ts",
    find: "if (!apiKey.answer || !isDatadogs(apiKey.answer)) return { apiKey, at };",
    replace: "if (!apiKey.answer) return { apiKey, at };",
    tests: doctor,
  },
  {
    name: "doctor: the first look carries the application key",
    file: "doctor/probe.ts",
    find: "await look(createSend(withoutAppKey),",
    replace: "await look(createSend({ ...withoutAppKey, appKey }),",
    tests: doctor,
  },
  {
    name: "doctor: other sites get the API key without leave",
    file: "doctor/examine.ts",
    find: "const asked = trySites && apiKeyRefused(seen) ? await askSites(credentials, trySites) : undefined;",
    replace:
      'const asked = apiKeyRefused(seen) ? await askSites(credentials, trySites ?? ["http://127.0.0.1:9"]) : undefined;',
    tests: doctor,
  },
  {
    name: "doctor: other sites get a key that is known here",
    file: "doctor/examine.ts",
    find: "trySites && apiKeyRefused(seen) ?",
    replace: "trySites ?",
    tests: doctor,
  },
  {
    name: "doctor: a missing permission to write is no problem",
    file: "doctor/rights.ts",
    find: "if (readOnly) return ok(",
    replace: "if (readOnly || organizations) return ok(",
    tests: doctor,
  },
  {
    name: "doctor: the feature that is off passes for a missing permission",
    file: "doctor/rights.ts",
    find: "if (/permission/i.test(said)) {",
    replace: "if (said !== '') {",
    tests: doctor,
  },
  {
    name: "doctor: keys of another organization pass",
    file: "doctor/whose.ts",
    find: "callers.every(({ id }) => id !== configuredId)",
    replace: "callers.length > 1",
    tests: wrong,
  },
  {
    name: "doctor: a clock that is off is right",
    file: "doctor/clock.ts",
    find: "const MOST_MS = 60_000;",
    replace: "const MOST_MS = 60_000_000_000;",
    tests: doctor,
  },
  {
    name: "doctor: persons as creators are no advice",
    file: "doctor/whose.ts",
    find: "user?.serviceAccount === false",
    replace: "user?.id === ''",
    tests: doctor,
  },
  {
    name: "map: a name may end its text in a diagram",
    file: "topology/mermaid.ts",
    find: ".replace(/[^\\p{L}\\p{N} .,:()+/-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`)",
    replace: "",
    tests: map,
  },
];
