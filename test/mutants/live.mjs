const inventory = ["test/cli/commands/inventory/command.test.ts"];
const organizations = ["test/cli/live/organizations.test.ts"];
const concurrent = ["test/core/operation/map-concurrent.test.ts"];
const wrong = ["test/cli/live/wrong-organization.test.ts"];
const unproven = ["test/cli/unproven.test.ts"];
const doctor = [
  "test/cli/commands/doctor/command.test.ts",
  "test/cli/commands/doctor/command-network.test.ts",
];
const severalStacks = ["test/cli/commands/discover/several-stacks.test.ts"];
const map = ["test/cli/topology/mermaid.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const live = [
  {
    name: "inventory: a failed list counts as checked",
    file: "read-live.ts",
    find: "const status: OrganizationStatus = { names, checked: false, code: error.code, reason: error.text };",
    replace: 'const status: OrganizationStatus = { names, checked: true, id: "" };',
    tests: inventory,
  },
  {
    name: "inventory: a list with another organization's keys counts as checked",
    file: "prove-caller.ts",
    find: "  await requireConfiguredId(session, purpose);\n",
    replace: "",
    tests: wrong,
  },
  {
    name: "inventory: connections that another organization's keys list are included",
    file: "read-live.ts",
    find: ' && error.code !== "wrong-organization"',
    replace: "",
    tests: wrong,
  },
  {
    name: "inventory: an unproven list counts as checked",
    file: "prove-caller.ts",
    find: "  if (caller === undefined) throw createUnprovenError(session, purpose);\n  return caller;\n",
    replace: '  return caller ?? "";\n',
    tests: unproven,
  },
  {
    name: "inventory: connections of an unproven list are left out",
    file: "read-live.ts",
    find: "...(list && error",
    replace: "...(list && names.length === 0 && error",
    tests: unproven,
  },
  {
    name: "doctor: a list of an unproven organization is ok",
    file: "permission-checks.ts",
    find: "if (!caller || callerCandidates.length > 1) {",
    replace: "if (!caller && callerCandidates.length > 1) {",
    tests: unproven,
  },
  {
    name: "doctor: a list of another organization is ok",
    file: "permission-checks.ts",
    find: "if (organizationId !== undefined && caller.id !== organizationId) {",
    replace: "if (organizationId === '') {",
    tests: wrong,
  },
  {
    name: "doctor: a list with gaps is ok",
    file: "listings.ts",
    find: 'return listing ? "complete" : "gaps";',
    replace: 'return "complete";',
    tests: unproven,
  },
  {
    name: "doctor: a short page counts as a full page",
    file: "listings.ts",
    find: "page.total !== undefined && page.connections.length < PAGE_LIMIT ?",
    replace: "page.total === -1 ?",
    tests: unproven,
  },
  {
    name: "doctor: the first page counts as the complete list",
    file: "permission-checks.ts",
    find: 'return extent === "complete"',
    replace: "return extent",
    tests: unproven,
  },
  {
    name: "inventory: a connection in two lists counts twice",
    file: "read-live.ts",
    find: "const known = rows.get(id);",
    replace: "const known = rows.get(`${id}${from}`);",
    tests: inventory,
  },
  {
    name: "inventory: a connection of unread organizations counts as missing",
    file: "inventory.ts",
    find: "end !== undefined && checkedIds.has(end.toLowerCase())",
    replace: "end !== undefined",
    tests: inventory,
  },
  {
    name: "inventory: without a state everything counts as unmanaged",
    file: "inventory.ts",
    find: "hasStates: managed !== undefined,",
    replace: "hasStates: true,",
    tests: inventory,
  },
  {
    name: "live: the same credentials are read once for each name",
    file: "organizations.ts",
    find: "key: JSON.stringify([formatIdentifier(credentials), credentials.organizationId]),",
    replace: "key: JSON.stringify([source, formatIdentifier(credentials), credentials.organizationId]),",
    tests: organizations,
  },
  {
    name: "live: a name with other credentials in another stack is ignored",
    file: "organizations.ts",
    find: "key: JSON.stringify([formatIdentifier(credentials), credentials.organizationId]),",
    replace: "key: JSON.stringify([source]),",
    tests: organizations,
  },
  {
    name: "live: an organization that only variables name is ignored",
    file: "list-sources.ts",
    find: "...[...new Set(byVariable)].toSorted(),",
    replace: "",
    tests: ["test/core/credentials/list-sources.test.ts"],
  },
  {
    name: "live: after a failure the rest is started",
    file: "map-concurrent.ts",
    find: "next < items.length && !failed",
    replace: "next < items.length",
    tests: concurrent,
  },
  {
    name: "doctor: a host that is not from Datadog gets the application key",
    file: "probe.ts",
    find: "if (!first.response || !canBeFromDatadog(first.response)) return probe;",
    replace: "if (!first.response) return probe;",
    tests: doctor,
  },
  {
    name: "doctor: the first request has the application key",
    file: "probe.ts",
    find: "await sendProbe(sendApiKey,",
    replace: "await sendProbe(send,",
    tests: doctor,
  },
  {
    name: "doctor: other sites get the API key without --try-sites",
    file: "diagnose-organization.ts",
    find: "sites && isApiKeyRefused(probe) ? probeSites(baseUrl, keys, sites) : undefined;",
    replace:
      'isApiKeyRefused(probe) ? probeSites(baseUrl, keys, sites ?? ["http://127.0.0.1:9"]) : undefined;',
    tests: doctor,
  },
  {
    name: "doctor: other sites get a valid key",
    file: "diagnose-organization.ts",
    find: "sites && isApiKeyRefused(probe) ?",
    replace: "sites ?",
    tests: doctor,
  },
  {
    name: "doctor: a missing permission to write is not a problem",
    file: "permission-checks.ts",
    find: "if (readOnly)\n",
    replace: "if (readOnly || organizations)\n",
    tests: doctor,
  },
  {
    name: "failures: a disabled feature is reported as a missing permission",
    file: "explain-refusal.ts",
    find: "if (/permission/i.test(message))",
    replace: "if (message !== '')",
    tests: ["test/core/api/statuses.test.ts"],
  },
  {
    name: "doctor: keys of another organization are accepted",
    file: "caller-checks.ts",
    find: "callerCandidates.every(({ id }) => id !== configuredId)",
    replace: "callerCandidates.length > 1",
    tests: wrong,
  },
  {
    name: "doctor: a wrong clock is accepted",
    file: "clock-check.ts",
    find: "const MAX_OFFSET_MS = 60_000;",
    replace: "const MAX_OFFSET_MS = 60_000_000_000;",
    tests: doctor,
  },
  {
    name: "doctor: persons as creators give no advice",
    file: "caller-checks.ts",
    find: "user?.serviceAccount === false",
    replace: "user?.id === ''",
    tests: doctor,
  },
  {
    name: "map: a name can end its label in a diagram",
    file: "mermaid.ts",
    find: ".replace(/[^\\p{L}\\p{N} .,:()+/-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`)",
    replace: "",
    tests: map,
  },
  {
    name: "discover: one name in the program is that of different organizations",
    file: "read-draft-inputs.ts",
    find: "    requireUniqueSources(live.organizations, sourceNames, stacks);\n",
    replace: "",
    tests: severalStacks,
  },
];
