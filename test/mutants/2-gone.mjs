const read = "test/core/connection/read.test.ts";
const session = "test/core/operation/session.test.ts";
const setRead = "test/core/connection-set/read.test.ts";
const paging = "test/core/api/paging.test.ts";
const caller = "test/core/operation/caller.test.ts";
const inventory = "test/cli/commands/inventory/command.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const gone = {
  "2-gone": [
    {
      name: "read: gone without a proven caller",
      file: "read.ts",
      find: "    await requireAllowedCaller(session, [sourceOrgId], purpose, (caller) =>\n      caller === sinkOrgId ? DESTINATION_ADVICE : undefined,\n    );\n",
      replace: "",
      test: read,
      cells: "refresh with another organization's keys / no fault",
    },
    {
      name: "plugin: Read reports gone for an unproven caller",
      file: "read.ts",
      find: "    await requireAllowedCaller(session, [sourceOrgId], purpose, (caller) =>\n      caller === sinkOrgId ? DESTINATION_ADVICE : undefined,\n    );\n",
      replace: "",
      cells: "refresh with another organization's keys / no fault",
      host: "plugin",
    },
    {
      name: "read: gone without a new listing",
      file: "read.ts",
      find: "??\n      findById(await session.getListingSince(sequence), connectionId)",
      replace: "",
      test: read,
    },
    {
      name: "read: an unknown ID of get counts as gone",
      file: "read.ts",
      find: "if (sourceOrgId === undefined || sinkOrgId === undefined) {\n      throw",
      replace:
        "if (sourceOrgId === undefined || sinkOrgId === undefined) {\n      if (session) return undefined;\n      throw",
      test: read,
    },
    {
      name: "session: a listing stays valid after a write",
      file: "session.ts",
      find: "    const client = await this.openClient();\n    this.sharedListing = undefined;\n    try {\n      return await work(client);\n    } finally {\n      this.sharedListing = undefined;\n    }",
      replace: "    return work(await this.openClient());",
      test: read,
    },
    {
      name: "session: a listing requested during a write stays valid",
      file: "session.ts",
      find: "    try {\n      return await work(client);\n    } finally {\n      this.sharedListing = undefined;\n    }",
      replace: "    return work(client);",
      test: session,
    },
    {
      name: "session: an older listing counts as new",
      file: "session.ts",
      find: "shared.provesAbsence && shared.sequence > sequence",
      replace: "shared.provesAbsence",
      test: session,
    },
    {
      name: "session: an incomplete listing proves an absence",
      file: "session.ts",
      find: "shared && shared.provesAbsence && shared.sequence > sequence",
      replace: "shared && shared.sequence > sequence",
      test: session,
    },
    {
      name: "set read: gone without a new listing",
      file: "read.ts",
      find: "    if (ids.some((id) => !liveIds.has(id))) listing = await session.getListingSince(sequence);\n",
      replace:
        "    if (!sequence && !liveIds) listing = await session.listing();\n    if (!ids) listing = listing;\n",
      test: setRead,
    },
    {
      name: "set read: gone without a proven caller",
      file: "read.ts",
      find: "if (gone.length > 0 || olds.exclusive === true) {",
      replace: "if (olds.exclusive === true) {",
      test: setRead,
    },
    {
      name: "import: a connection is called missing although an organization could not be read",
      file: "import.ts",
      find: 'failure?.error.code ?? "connection-not-found"',
      replace: '"connection-not-found"',
      test: "test/core/connection/import.test.ts",
    },
  ],
  "2-list": [
    {
      name: "client: an incomplete listing is accepted",
      file: "client.ts",
      find: "    if (listing) return listing;\n",
      replace: "    return listing ?? { connections: [] };\n",
      test: paging,
    },
    {
      name: "client: a listing is read without proof",
      file: "client.ts",
      find: "      options,\n    );\n    if (listing)",
      replace: "    );\n    if (listing)",
      test: paging,
    },
    {
      name: "paging: the total is not compared",
      file: "paging.ts",
      find: "return total === undefined ? buildListing() : undefined;\n  }",
      replace: "return buildListing();\n  }",
      test: paging,
      cells: "exclusive set: update with undeclared connections / request 4 (GET) / list without its rows",
    },
    {
      name: "paging: more rows than the total are accepted",
      file: "paging.ts",
      find: "return rows.size === total ? buildListing() : undefined;",
      replace: "return buildListing();",
      test: paging,
    },
    {
      name: "paging: a total that changes is accepted",
      file: "paging.ts",
      find: "    if (page > 0 && response.total !== total) return undefined;\n",
      replace: "",
      test: paging,
    },
    {
      name: "paging: pages do not overlap",
      file: "paging.ts",
      find: "options.provesAbsence ? 1 : 0",
      replace: "0",
      test: paging,
    },
    {
      name: "paging: the overlapping row is not compared",
      file: "paging.ts",
      find: "    if (overlapCount === 1 && response.connections[0]?.id !== lastId) return undefined;\n",
      replace: "",
      test: paging,
    },
    {
      name: "paging: a duplicate row is accepted",
      file: "paging.ts",
      find: "      if (rows.has(row.id)) return undefined;\n",
      replace: "",
      test: "test/core/api/bounds.test.ts",
    },
    {
      name: "JSON of another shape is an empty list",
      file: "parse.ts",
      find: "  data: v.array(connectionSchema),\n",
      replace: "  data: v.optional(v.array(connectionSchema), []),\n",
      cells: "exclusive set: update with undeclared connections / request 4 (GET) / JSON of another shape",
    },
  ],
  "2-proof": [
    {
      name: "caller: a row without a source proves its destination",
      file: "caller.ts",
      find: "    source && sink && source.id !== sink.id ? [[source, sink]] : [],\n",
      replace: "    sink && source?.id !== sink.id ? [source ? [source, sink] : [sink]] : [],\n",
      test: caller,
    },
    {
      name: "caller: a row from an organization to itself proves it",
      file: "caller.ts",
      find: "source && sink && source.id !== sink.id ?",
      replace: "source && sink ?",
      test: caller,
    },
    {
      name: "caller: a confirmation counts although it contradicts the listing",
      file: "caller.ts",
      find: "candidates.length === 0 || candidates.includes(confirmed) ? confirmed : undefined",
      replace: "confirmed",
      test: caller,
    },
    {
      name: "caller: the access token of an identity wins against a listing",
      file: "prove-caller.ts",
      find: "const known = deriveCaller(candidates, getIdentityOrganization(session.credentials.authentication));",
      replace: "const known = getIdentityOrganization(session) ?? deriveCaller(candidates, undefined);",
      test: session,
    },
    {
      name: "parse: any string identifies the caller",
      file: "parse.ts",
      find: "v.pipe(lowerCaseId, v.uuid())",
      replace: "lowerCaseId",
      test: "test/core/api/parse-organizations.test.ts",
    },
    {
      name: "existing: an unproven caller gets the first of several",
      file: "existing.ts",
      find: "return toSink.length === 1 ? toSink[0] : undefined;",
      replace: "return toSink[0];",
      test: caller,
    },
  ],
  "2-inventory": [
    {
      name: "inventory: a failed list counts as checked",
      file: "read-live.ts",
      find: "const status: OrganizationStatus = { names, checked: false, code: error.code, reason: error.text };",
      replace: 'const status: OrganizationStatus = { names, checked: true, id: "" };',
      test: inventory,
    },
    {
      name: "inventory: an unproven list counts as checked",
      file: "prove-caller.ts",
      find: "  if (caller === undefined) throw createUnprovenError(session, purpose);\n  return caller;\n",
      replace: '  return caller ?? "";\n',
      test: "test/cli/live/unproven.test.ts",
    },
    {
      name: "inventory: a connection of unread organizations counts as missing",
      file: "read-live.ts",
      find: "id !== undefined && checkedIds.has(id.toLowerCase())",
      replace: "id !== undefined",
      test: inventory,
    },
  ],
};
