const inventory = ["test/cli/commands/inventory/command.test.ts"];
const organizations = ["test/cli/live/organizations.test.ts"];
const few = ["test/core/operation/a-few-at-a-time.test.ts"];
const wrong = ["test/cli/live/wrong-organization.test.ts"];
const unproven = ["test/cli/unproven.test.ts"];
const doctor = [
  "test/cli/commands/doctor/command.test.ts",
  "test/cli/commands/doctor/command-network.test.ts",
];
const map = ["test/cli/topology/mermaid.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const live = [
  {
    name: "inventory: the end of a failed listing is no hole",
    file: "read-live.ts",
    find: "const lookedAt: LookedAt = { names, checked: false, code: error.code, reason: error.text };",
    replace: 'const lookedAt: LookedAt = { names, checked: true, id: "" };',
    tests: inventory,
  },
  {
    name: "inventory: keys of another organization than the configured one are read",
    file: "identity.ts",
    find: "  await requireConfiguredId(session, purpose);\n",
    replace: "",
    tests: wrong,
  },
  {
    name: "inventory: what keys of another organization see is listed",
    file: "read-live.ts",
    find: ' && error.code !== "wrong-organization"',
    replace: "",
    tests: wrong,
  },
  {
    name: "inventory: a list of which nothing proves whose it is counts as checked",
    file: "identity.ts",
    find: "  if (caller === undefined) throw unproven(session, purpose);\n  return caller;\n",
    replace: '  return caller ?? "";\n',
    tests: unproven,
  },
  {
    name: "inventory: what was seen with unproven keys is not listed",
    file: "read-live.ts",
    find: "...(list && error",
    replace: "...(list && names.length === 0 && error",
    tests: unproven,
  },
  {
    name: "doctor: a list of which nothing proves whose it is is ok",
    file: "rights.ts",
    find: "if (!caller || callers.length > 1) {",
    replace: "if (!caller && callers.length > 1) {",
    tests: unproven,
  },
  {
    name: "doctor: a list of another organization than the configured one is ok",
    file: "rights.ts",
    find: "if (organizationId !== undefined && caller.id !== organizationId) {",
    replace: "if (organizationId === '') {",
    tests: wrong,
  },
  {
    name: "doctor: a list with gaps is ok",
    file: "listed.ts",
    find: 'return listing ? "whole" : "gaps";',
    replace: 'return "whole";',
    tests: unproven,
  },
  {
    name: "doctor: a short page is a full one",
    file: "listed.ts",
    find: "page.total !== undefined && page.connections.length < PAGE_LIMIT ?",
    replace: "page.total === -1 ?",
    tests: unproven,
  },
  {
    name: "doctor: a first page is the whole list",
    file: "rights.ts",
    find: 'return extent === "whole"',
    replace: "return extent",
    tests: unproven,
  },
  {
    name: "inventory: a connection seen from both ends is two",
    file: "read-live.ts",
    find: "const known = rows.get(id);",
    replace: "const known = rows.get(`${id}${from}`);",
    tests: inventory,
  },
  {
    name: "inventory: what nobody could have seen is missing",
    file: "inventory.ts",
    find: "end !== undefined && read.has(end)",
    replace: "end !== undefined",
    tests: inventory,
  },
  {
    name: "inventory: without a state everything is unmanaged",
    file: "inventory.ts",
    find: "statesGiven: managed !== undefined,",
    replace: "statesGiven: true,",
    tests: inventory,
  },
  {
    name: "live: the same keys are asked for each of their names",
    file: "organizations.ts",
    find: "key: JSON.stringify([baseUrl, apiKey, appKey, organizationId]),",
    replace: "key: JSON.stringify([source, baseUrl, apiKey, appKey, organizationId]),",
    tests: organizations,
  },
  {
    name: "live: one name with other keys in another stack is lost",
    file: "organizations.ts",
    find: "key: JSON.stringify([baseUrl, apiKey, appKey, organizationId]),",
    replace: "key: JSON.stringify([source]),",
    tests: organizations,
  },
  {
    name: "live: an organization that only variables name is passed over",
    file: "organizations.ts",
    find: "...[...new Set(byVariable)].toSorted(),",
    replace: "",
    tests: organizations,
  },
  {
    name: "live: after a failure the rest is begun",
    file: "a-few-at-a-time.ts",
    find: "next < items.length && !failed",
    replace: "next < items.length",
    tests: few,
  },
  {
    name: "doctor: the application key goes to a host that is not Datadog's",
    file: "probe.ts",
    find: "if (!apiKey.answer || !isDatadogs(apiKey.answer)) return { apiKey, at };",
    replace: "if (!apiKey.answer) return { apiKey, at };",
    tests: doctor,
  },
  {
    name: "doctor: the first look carries the application key",
    file: "probe.ts",
    find: "await look(createSend(withoutAppKey),",
    replace: "await look(createSend({ ...withoutAppKey, appKey }),",
    tests: doctor,
  },
  {
    name: "doctor: other sites get the API key without leave",
    file: "examine.ts",
    find: "const asked = trySites && apiKeyRefused(seen) ? await askSites(credentials, trySites) : undefined;",
    replace:
      'const asked = apiKeyRefused(seen) ? await askSites(credentials, trySites ?? ["http://127.0.0.1:9"]) : undefined;',
    tests: doctor,
  },
  {
    name: "doctor: other sites get a key that is known here",
    file: "examine.ts",
    find: "trySites && apiKeyRefused(seen) ?",
    replace: "trySites ?",
    tests: doctor,
  },
  {
    name: "doctor: a missing permission to write is no problem",
    file: "rights.ts",
    find: "if (readOnly) return ok(",
    replace: "if (readOnly || organizations) return ok(",
    tests: doctor,
  },
  {
    name: "doctor: the feature that is off passes for a missing permission",
    file: "rights.ts",
    find: "if (/permission/i.test(said)) {",
    replace: "if (said !== '') {",
    tests: doctor,
  },
  {
    name: "doctor: keys of another organization pass",
    file: "whose.ts",
    find: "callers.every(({ id }) => id !== configuredId)",
    replace: "callers.length > 1",
    tests: wrong,
  },
  {
    name: "doctor: a clock that is off is right",
    file: "clock.ts",
    find: "const MOST_MS = 60_000;",
    replace: "const MOST_MS = 60_000_000_000;",
    tests: doctor,
  },
  {
    name: "doctor: persons as creators are no advice",
    file: "whose.ts",
    find: "user?.serviceAccount === false",
    replace: "user?.id === ''",
    tests: doctor,
  },
  {
    name: "map: a name may end its text in a diagram",
    file: "mermaid.ts",
    find: ".replace(/[^\\p{L}\\p{N} .,:()+/-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`)",
    replace: "",
    tests: map,
  },
];
