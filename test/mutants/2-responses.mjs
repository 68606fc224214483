const statuses = "test/core/api/statuses.test.ts";
const interruptedWrites = "test/core/connection/interrupted-writes.test.ts";
const deletion = "test/core/connection/delete.test.ts";
const adopt = "test/core/connection/adopt.test.ts";
const setRead = "test/core/connection-set/read.test.ts";
const setSync = "test/core/connection-set/sync.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const responses = {
  "2-status": [
    {
      name: "client: any status below 300 is a success",
      file: "call.ts",
      find: "if (status !== SUCCESS_STATUS) {",
      replace: "if (status >= 300) {",
      test: statuses,
      cells: "delete / request 2 (DELETE) / wrong status, not done",
    },
  ],
  "2-tls": [
    {
      name: "http: a proxy can impersonate the site",
      file: "http.ts",
      find: "if (isEncrypted(response.socket)) onResponse",
      replace: "if (response.socket) onResponse",
      test: "test/core/api/proxy-replies.test.ts",
    },
  ],
  "2-delete": [
    {
      name: "parse: a login page confirms a delete",
      file: "parse.ts",
      find: "  v.parse(v.pipe(v.unknown(), isNotArray, v.strictObject({})), body);\n",
      replace: "",
      test: statuses,
      cells: "destroy / request 2 (DELETE) / JSON of another shape, not done",
    },
    {
      name: "a body that is cut off is an empty one",
      file: "data.ts",
      find: "function parseJson(text: string): unknown {\n  try {\n    return JSON.parse(text) as unknown;\n  } catch {\n    return undefined;",
      replace:
        "function parseJson(text: string): unknown {\n  try {\n    return JSON.parse(text) as unknown;\n  } catch {\n    return {};",
      cells: "destroy / request 2 (DELETE) / body cut off, response complete, not done",
    },
    {
      name: "delete: an unknown outcome is a success without a listing",
      file: "delete.ts",
      find: "if (await isGone(session, connectionId)) return;\n      throw error;",
      replace: "return;",
      test: interruptedWrites,
      cells: "destroy / request 2 (DELETE) / redirect, not done",
    },
    {
      name: "delete: a failed listing counts as gone",
      file: "delete.ts",
      find: "  } catch {\n    return false;",
      replace: "  } catch {\n    return true;",
      test: interruptedWrites,
    },
    {
      name: "delete: a 404 is not compared with a listing",
      file: "delete.ts",
      find: "  if (findById(listing, connectionId)) throw error;\n",
      replace: "  if (findById(listing, connectionId) && !error) throw error;\n",
      test: interruptedWrites,
    },
    {
      name: "delete: the caller is not proven",
      file: "delete.ts",
      find: "    await requireAllowedCaller(session, organizationIds, `Deleting ${connection}`);\n",
      replace: "",
      test: deletion,
      cells: "delete with another organization's keys / no fault",
    },
    {
      name: "identity: an unproven caller passes",
      file: "prove-caller.ts",
      find: "  if (caller !== undefined && allowed.includes(caller)) return;\n",
      replace: "  if (caller === undefined || allowed.includes(caller)) return;\n",
      test: deletion,
    },
    {
      name: "identity: one of two possible callers is enough",
      file: "prove-caller.ts",
      find: "candidates.every((id) => allowed.includes(id))",
      replace: "candidates.some((id) => allowed.includes(id))",
      test: "test/core/connection/read.test.ts",
    },
    {
      name: "set delete: a failure is ignored",
      file: "sync.ts",
      find: "  if (!first) return;\n",
      replace: "  if (first !== null) return;\n",
      test: setRead,
    },
    {
      name: "set: a failed deletion removes the member from the state",
      file: "sync.ts",
      find: "    await deleteConnection(context, id, toEndpoints(sink));\n    removeMember(state, sink);\n",
      replace:
        "    removeMember(state, sink);\n    await deleteConnection(context, id, toEndpoints(sink));\n",
      test: setSync,
    },
  ],
  "2-change": [
    {
      name: "change of types: an unknown outcome is a success with any live types",
      file: "update.ts",
      find: "if (live && hasSameTypes(types, live.connectionTypes)) return live;",
      replace: "if (live) return live;",
      test: interruptedWrites,
    },
    {
      name: "adoption: an older listing is enough",
      file: "create.ts",
      find: "adoptable = findByPair(listing, caller, sinkOrgId);",
      replace: "adoptable = findByPair(baseline, caller, sinkOrgId);",
      test: adopt,
    },
    {
      name: "adoption: a connection that is being deleted is adopted",
      file: "create.ts",
      find: "if (!existing || context.ledger.isDeleted(existing.id)) {",
      replace: "if (!existing) {",
      test: "test/core/connection/one-operation.test.ts",
    },
    {
      name: "adoption: the types are not changed",
      file: "create.ts",
      find: "if (!types || hasSameTypes(types, existing.connectionTypes)) return existing;",
      replace: "if (types || !types) return existing;",
      test: adopt,
    },
    {
      name: "update: a gateway's 404 counts as absence",
      file: "update.ts",
      find: "  if (findById(listing, connectionId)) return error;\n",
      replace: "",
      test: interruptedWrites,
    },
    {
      name: "set: a partial failure is a success",
      file: "sync.ts",
      find: "  if (reasons.length > 0) throw new PartialFailure(state, reasons);\n",
      replace: "",
      test: setSync,
    },
  ],
};
