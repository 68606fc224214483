const configuration = ["test/plugin/configuration.test.ts"];
const movedProvider = ["test/plugin/moved-provider.test.ts"];
const messages = ["test/plugin/messages.test.ts"];
const lifecycle = ["test/plugin/lifecycle.test.ts"];

/**
 * Safety checks of the plugin.
 * @type {readonly import("./index.mjs").Mutant[]}
 */
export const plugin = [
  {
    name: "plugin: a set declares the undeclared connections that ignoreChanges names",
    file: "set.ts",
    find: "      declareSet(context, urn, { ...news, connections: inputs.connections });\n",
    replace: "",
    tests: ["test/plugin/resources.test.ts"],
  },
  {
    name: "plugin: a canceled process writes",
    file: "plugin-context.ts",
    find: "if (isCanceled) return Promise.reject(",
    replace: "if (isCanceled && !context.hasStartedChanges) return Promise.reject(",
    tests: messages,
  },
  {
    name: "plugin: an adoption uses the listing of the check",
    file: "plugin-context.ts",
    find: "  context.needsNewListingToAdopt = true;\n",
    replace: "",
    tests: lifecycle,
  },
  {
    name: "plugin: a deletion that an interrupted replacement left deletes what the new resource has adopted",
    file: "managed-connections.ts",
    find: "    if (!this.replaced.has(urn)) return;\n",
    replace: "",
    tests: ["test/plugin/resources.test.ts"],
  },
  {
    name: "plugin: a declared provider uses the keys of the environment",
    file: "provider-settings.ts",
    find: "env: omitReplacedVariables(getValue, env)",
    replace: "env",
    tests: configuration,
  },
  {
    name: "plugin: a provider without a known name is the default one",
    file: "provider-name.ts",
    find: '  if (name === undefined) return "(unnamed)";\n',
    replace: "  if (name === undefined) return undefined;\n",
    tests: configuration,
  },
  {
    name: "plugin: a declared provider with the name of the default one may have other keys",
    file: "service.ts",
    find: "[...checkArguments(args), ...refuseDefaultName(checkedName, args, stackConfiguration)]",
    replace: "[...checkArguments(args)]",
    tests: configuration,
  },
  {
    name: "plugin: half a configuration is used",
    file: "provider-settings.ts",
    find: "if (known.length < given.length)",
    replace: "if (known.length > given.length)",
    tests: configuration,
  },
  {
    name: "plugin: keys of a provider are plain text in the state",
    file: "service.ts",
    find: "markSecrets(request.getNews(), listCredentialArguments(args))",
    replace: "request.getNews()",
    tests: configuration,
  },
  {
    name: "plugin: keys in an object are plain text in the state",
    file: "values.ts",
    find: '.set("value", toText(value))',
    replace: '.set("value", value)',
    tests: configuration,
  },
  {
    name: "plugin: changed keys replace the provider and all its resources",
    file: "compare-arguments.ts",
    find: "    replaces: [],\n",
    replace: "    replaces: changed,\n",
    tests: configuration,
  },
  {
    name: "plugin: an upgrade of the SDK counts as a move",
    file: "find-move.ts",
    find: 'return isUpgrade ? "none" : "possible";',
    replace: 'return isUpgrade ? "probable" : "possible";',
    tests: movedProvider,
  },
  {
    name: "plugin: equal arguments of two providers prove that a resource has not moved",
    file: "find-move.ts",
    find: " || isSame || ",
    replace: " || ",
    tests: movedProvider,
  },
  {
    name: "plugin: a provider without a version is one of another SDK",
    file: "find-move.ts",
    find: "[olds, news].every(({ version }) => version != null) && ",
    replace: "",
    tests: movedProvider,
  },
  {
    name: "plugin: a resource that moves owns the connection of the other organization",
    file: "diff.ts",
    find: "if (!context.adoptions.has(pair)) context.ownPairs.delete(pair);",
    replace: "if (context.adoptions.has(pair)) context.ownPairs.delete(pair);",
    tests: movedProvider,
  },
  {
    name: "plugin: an internal error shows its message",
    file: "errors.ts",
    find: "(${formatPlace(error)})",
    replace: "(${String(error)})",
    tests: messages,
  },
  {
    name: "plugin: a partial failure loses its state",
    file: "errors.ts",
    find: "  if (error instanceof PartialChange) return toInitFailedError(error);\n",
    replace: "",
    tests: lifecycle,
  },
  {
    name: "plugin: the state of a partial failure lacks what was created",
    file: "errors.ts",
    find: "    .setProperties(toStruct(partial.properties))\n",
    replace: "    .setProperties(toStruct({ ...partial.properties, members: {} }))\n",
    tests: lifecycle,
  },
  {
    name: "plugin: Read reports gone for an unproven caller",
    file: "read.ts",
    find: "    await requireAllowedCaller(session, [sourceOrgId], purpose, (caller) =>\n      caller === sinkOrgId ? DESTINATION_ADVICE : undefined,\n    );\n",
    replace: "",
    tests: [],
    cells: "refresh with another organization's keys / no fault",
    host: "plugin",
  },
  {
    name: "plugin: a preview of a set writes",
    file: "set.ts",
    find: "      if (preview) {\n        const state",
    replace: "      if (preview && context.hasStartedChanges) {\n        const state",
    tests: [],
    cells: "set: create / no fault",
    host: "plugin",
  },
  {
    name: "plugin: a preview of a connection writes",
    file: "single.ts",
    find: "      if (preview) {\n",
    replace: "      if (preview && context.hasStartedChanges) {\n",
    tests: [],
    cells: "create / no fault",
    host: "plugin",
  },
  {
    name: "plugin: a preview shows a creation time of a connection that does not exist yet",
    file: "plan.ts",
    find: "    createdAt: UNKNOWN,\n    createdBy: UNKNOWN,\n  });\n}\n\nfunction planAdoption",
    replace:
      '    createdAt: "2026-01-01T00:00:00Z",\n    createdBy: UNKNOWN,\n  });\n}\n\nfunction planAdoption',
    tests: [],
    cells: "create / no fault",
    host: "plugin",
  },
];
