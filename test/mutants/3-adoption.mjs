const adopt = "test/core/connection/adopt.test.ts";
const attribution = "test/core/connection/attribution.test.ts";
const importing = "test/core/connection/import.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const adoption = {
  "3-adopt": [
    {
      name: "adoption: an existing pair is adopted without adopt",
      file: "create.ts",
      find: "  if (!isAdopting(context, inputs)) throw createPairExistsError(context, session, inputs, existing, options);\n",
      replace: "",
      test: adopt,
      cells: "create of a pair that another user created, without adopt / request 1 (GET) / wrong status",
    },
    {
      name: "adoption: an earlier connection is adopted without adopt",
      file: "create.ts",
      find: "isAdopting(context, inputs)\n    ? await findAdoptable",
      replace: "context\n    ? await findAdoptable",
      test: adopt,
    },
    {
      name: "adoption: an unproven caller adopts without a create",
      file: "create.ts",
      find: "if (caller === undefined || !findByPair(baseline, caller, sinkOrgId)) return undefined;",
      replace:
        "if (caller === undefined) return baseline.connections.find(({ sink }) => sink?.id === sinkOrgId);",
      test: adopt,
    },
    {
      name: "existing: another organization's connection to the destination counts",
      file: "existing.ts",
      find: "if (caller !== undefined) return findByPair(listing, caller, inputs.sinkOrgId);",
      replace: "if (caller !== undefined) return toSink[0];",
      test: attribution,
    },
  ],
  "3-own-create": [
    {
      name: "create: an earlier connection counts as created here",
      file: "attribution.ts",
      find: "  if (before && (before.id === live.id || !ledger.isDeleted(before.id))) return false;\n",
      replace: "",
      test: attribution,
    },
    {
      name: "create: after an unknown outcome, any connection counts as created here",
      file: "create.ts",
      find: "unknownOutcome !== undefined &&\n      isCreatedByThisOperation(existing, baseline, session.userId, inputs.connectionTypes, context.ledger);",
      replace: "unknownOutcome !== undefined;",
      test: attribution,
    },
    {
      name: "create: a connection that is being deleted counts as created here",
      file: "attribution.ts",
      find: "(before.id === live.id || !ledger.isDeleted(before.id))",
      replace: "(!ledger.isDeleted(before.id))",
      test: attribution,
    },
    {
      name: "create: another user's connection counts as created here",
      file: "attribution.ts",
      find: "  if (userId !== undefined && createdBy !== undefined && createdBy.id !== userId) return false;\n",
      replace: "",
      test: attribution,
    },
    {
      name: "create: a connection older than the baseline counts as created here",
      file: "attribution.ts",
      find: "return Date.parse(createdAt) >= baseline.date - 1000",
      replace: "return true",
      test: attribution,
    },
    {
      name: "create: a connection with other types counts as created here",
      file: "attribution.ts",
      find: "  if (sentTypes && !hasSameTypes(sentTypes, live.connectionTypes)) return false;\n",
      replace: "",
      test: attribution,
    },
    {
      name: "create: a baseline without Date is accepted",
      file: "attribution.ts",
      find: "|| baseline.date === undefined) return false;",
      replace: ") return false;\n  if (baseline.date === undefined) return true;",
      test: attribution,
    },
    {
      name: "create: after a 409 without an unknown outcome, the connection can count as created here",
      file: "create.ts",
      find: "unknownOutcome !== undefined &&\n      isCreatedByThisOperation(",
      replace: "isCreatedByThisOperation(",
      test: attribution,
    },
    {
      name: "create: no baseline before the create",
      file: "create.ts",
      find: "const baseline = await session.getBaselineListing();",
      replace: "const baseline = { connections: [], date: 0 };",
      test: "test/core/connection/interrupted-writes.test.ts",
    },
  ],
  "3-import": [
    {
      name: "import: a connection to the organization counts as one from it",
      file: "import.ts",
      find: "hasBothOrganizations(connection) && connection.source.id === organization.id",
      replace: "hasBothOrganizations(connection)",
      test: importing,
    },
    {
      name: "import: the organization of the credentials is not proven",
      file: "import-sources.ts",
      find: 'await requireProvenCaller(session, "The import")',
      replace: '(await session.getCallerCandidates())[0] ?? ""',
      test: importing,
    },
    {
      name: "import: another connection of the organization counts if none goes to the destination",
      file: "import.ts",
      find: "const connection = findByPair(listing, organization.id, sinkOrgId);",
      replace:
        "const connection = findByPair(listing, organization.id, sinkOrgId) ?? listing.connections[0];",
      test: importing,
    },
  ],
};
