/** A state may have another spelling of an organization's name than the program: both spellings have the same variables. */
import { describe, expect, test } from "vitest";
import { check, deleteConnection, deleteSet, read, readSet } from "../../../core/src/index.js";
import { createHostContext } from "../../../core/src/host/create-context.js";
import { catchError, countWrites, useSandbox } from "../connection/operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;

/** Creates the context of an operation in which the organization of both spellings only has environment variables. */
function createContext() {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  const env = { DD_API_KEY__TEAM_01: apiKey, DD_APP_KEY__TEAM_01: appKey, DD_HOST__TEAM_01: sandbox().url };
  return createHostContext({
    getSettings: () => ({ config: () => undefined, env }),
    warn: () => undefined,
    receivesResourceOptions: true,
  });
}

/** Creates a connection, and its state with this spelling. */
function connect(source: string, sink: string) {
  const connectionId = sandbox().connect({ source: "payments", sink });
  const [sourceOrgId, sinkOrgId] = [getOrgId("payments"), getOrgId(sink)];
  const state = { source, sinkOrgId, sourceOrgId, connectionTypes: ["logs"], createdAt: "2026-01-01" };
  const members = { [sinkOrgId]: { id: connectionId, createdAt: "2026-01-01" } };
  const setState = { source, sourceOrgId, members, connections: { [sinkOrgId]: ["logs"] } };
  return { connectionId, state, setState };
}

const declare = (context: ReturnType<typeof createContext>, source: string, sink: string) =>
  check(context, {}, { source, sinkOrgId: getOrgId(sink), connectionTypes: ["logs"] });

describe("a state with two spellings", () => {
  test("is read and deleted", async () => {
    const [old, current] = [connect("TEAM_01", "observability"), connect("team-01", "security")];
    const context = createContext();
    for (const { connectionId, state } of [old, current])
      expect(await read(context, connectionId, state)).toMatchObject({ state: { source: state.source } });
    for (const { connectionId, state } of [old, current])
      await deleteConnection(context, connectionId, state);
    expect(sandbox().listConnections()).toEqual([]);
  });

  test("is read and deleted if the resources are sets", async () => {
    const states = [connect("TEAM_01", "observability").setState, connect("team-01", "security").setState];
    const context = createContext();
    for (const state of states) expect((await readSet(context, state)).state).toMatchObject(state);
    for (const state of states) await deleteSet(context, state);
    expect(sandbox().listConnections()).toEqual([]);
  });
});

describe("a spelling that only the state has", () => {
  test("is read before and after the program declares the other one, and then deleted", async () => {
    const { connectionId, state } = connect("TEAM_01", "observability");
    const context = createContext();
    await read(context, connectionId, state);
    expect((await declare(context, "team-01", "security")).failures).toEqual([]);
    expect(await read(context, connectionId, state)).toBeDefined();
    await deleteConnection(context, connectionId, state);
    expect(sandbox().listConnections()).toEqual([]);
  });
});

describe("two spellings that the program declares", () => {
  test.each([
    ["TEAM_01", "team-01"],
    ["team-01", "TEAM_01"],
  ])("are refused, although a read of %s came first", async (first, second) => {
    const { connectionId, state } = connect(first, "observability");
    const context = createContext();
    await read(context, connectionId, state);
    expect((await declare(context, first, "security")).failures).toEqual([]);
    const { failures } = await declare(context, second, "search");
    expect(failures[0]?.reason).toContain("DD_API_KEY__TEAM_01");
  });

  test("are refused before a deletion for the second one", async () => {
    const { connectionId, state } = connect("TEAM_01", "observability");
    const context = createContext();
    await declare(context, "team-01", "security");
    await declare(context, "TEAM_01", "search");
    const { code } = await catchError(deleteConnection(context, connectionId, state));
    expect(code).toBe("invalid-configuration");
    expect(countWrites(sandbox())).toBe(0);
  });

  test("are refused for a `get`, which only has a name of the program", async () => {
    const { connectionId } = connect("TEAM_01", "observability");
    const context = createContext();
    await declare(context, "team-01", "security");
    const { code } = await catchError(read(context, connectionId, { source: "TEAM_01" }));
    expect(code).toBe("invalid-configuration");
  });
});
