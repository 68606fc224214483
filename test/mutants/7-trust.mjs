const adoptionNotices = "test/cli/changes/adoption-notices.test.ts";
const notices = "test/core/connection/notices.test.ts";
const policy = "test/cli/policy/policy.test.ts";
const plugin = "test/cli/changes/plugin.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const trust = {
  "7-notice": [
    {
      name: "changes: an adoption is confirmed because the preview reports it",
      file: "adoption-notices.ts",
      find: "  return inState && toKnownConnection(inState);",
      replace: "  return inState ? toKnownConnection(inState) : { id: connectionId, connectionTypes: [] };",
      test: adoptionNotices,
    },
    {
      name: "changes: any live connection of the pair confirms the reported adoption",
      file: "adoption-notices.ts",
      find: "  if (existing) return existing.id.toLowerCase() === connectionId ? existing : undefined;",
      replace: "  if (existing) return existing;",
      test: adoptionNotices,
    },
    {
      name: "changes: an unconfirmed adoption removes nothing",
      file: "facts.ts",
      find: '["notice", notice !== undefined && (notice.removedTypes.length > 0 || isTypesUnknown)],',
      replace: "",
      test: adoptionNotices,
    },
    {
      name: "changes: a connection is gone because the preview reports it",
      file: "unchanged-connections.ts",
      find: "isReported ? directory.isLive(connection.id, shared) : true",
      replace: "!isReported",
      test: adoptionNotices,
    },
    {
      name: "notices: a type may end the bracket",
      file: "notices.ts",
      find: 'fields.toString().replaceAll("&", " ")',
      replace: 'decodeURIComponent(fields.toString()).replaceAll("&", " ")',
      test: notices,
    },
    {
      name: "notices: a name may start another line",
      file: "notices.ts",
      find: "return `${escapeInvisible(sentence)} ",
      replace: "return `${sentence} ",
      test: notices,
    },
  ],
  "7-name": [
    {
      name: "policy: what a program adds to a preview names an organization",
      file: "compute-changes.ts",
      find: "const listStates = ({ resource, refreshedState, priorState }: ResourceTimeline): StateResource[] =>\n  [refreshedState, priorState]",
      replace:
        "const listStates = ({ resource, refreshedState, priorState, declared }: ResourceTimeline): StateResource[] =>\n  [refreshedState, priorState, declared]",
      test: "test/cli/policy/hostile.test.ts",
    },
    {
      name: "policy: a name in the configuration matches a destination",
      file: "matching.ts",
      find: 'if (isAliasMatch && end === "source" && isAliasById !== true) return true;',
      replace: "if (isAliasMatch && isAliasById !== true) return true;",
      test: policy,
    },
    {
      name: "policy: a configured id names the credentials",
      file: "matching.ts",
      find: " && isAliasById !== true) return true;",
      replace: ") return true;",
      test: policy,
    },
    {
      name: "policy: a name that resembles a UUID counts as a name",
      file: "matching.ts",
      find: "name === undefined || isUuidLike(name) ? undefined : name",
      replace: "name",
      test: policy,
    },
    {
      name: "policy: another name of an organization starts a new count of destinations",
      file: "rules.ts",
      find: "isCounted && possibleSinks.length <= max",
      replace: "isCounted && sinks.length <= max",
      test: "test/cli/policy/pure-rules.test.ts",
    },
    {
      name: "sources: a provider that the program names has the organizations of the stack's configuration",
      file: "managed.ts",
      find: "? isOfStackProvider === true :",
      replace: "? true :",
      test: plugin,
    },
    {
      name: "sources: the organization of a provider stays known although its configuration changes",
      file: "organization-directory.ts",
      find: "this.changingProviders.has(formatKey(location, provider))",
      replace: "false",
      test: plugin,
    },
  ],
  "7-id": [
    {
      name: "create: a configured id is not checked",
      file: "create.ts",
      find: "  await requireConfiguredId(session, `Creating the connection to ${inputs.sinkOrgId}`);\n",
      replace: "",
      test: "test/core/connection/create.test.ts",
    },
    {
      name: "update: a configured id is not checked",
      file: "update.ts",
      find: "  await requireConfiguredId(session, purpose);\n",
      replace: "",
      test: "test/core/connection/update.test.ts",
    },
    {
      name: "set: a configured id is not checked",
      file: "prove-caller.ts",
      find: "  await requireConfiguredId(session, purpose);\n",
      replace: "",
      test: "test/core/connection-set/sync.test.ts",
    },
    {
      name: "sessions: a configured ID is not part of a session",
      file: "sessions.ts",
      find: "JSON.stringify([formatIdentifier(credentials), keyLocation, organizationId])",
      replace: "JSON.stringify([formatIdentifier(credentials), keyLocation])",
      test: "test/core/operation/sessions.test.ts",
    },
    {
      name: "a configured id is not compared with the keys",
      file: "prove-caller.ts",
      find: "if (organizationId !== undefined) await requireAllowedCaller",
      replace: 'if (organizationId === "") await requireAllowedCaller',
      cells: "create with another organization's keys / no fault",
    },
  ],
};
