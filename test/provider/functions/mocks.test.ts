import { setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import type { MockCallArgs, MockCallResult } from "@pulumi/pulumi/runtime/mocks.js";
import { output } from "@pulumi/pulumi/output.js";
import { beforeEach, describe, expect, test } from "vitest";
import {
  getOrganization,
  getOrganizationOutput,
  getOrganizations,
  getOrgConnections,
} from "../../../provider/src/index.js";

const HUB = { id: "aaaaaaaa-0001-4000-8000-000000000001", name: "Acme Observability" };
const CONNECTION = {
  id: "40bbb1c2-0000-4000-8000-000000000001",
  source: { id: "aaaaaaaa-0003-4000-8000-000000000003", name: "Acme Payments" },
  sink: HUB,
  createdAt: "2025-08-26T20:19:36.177236+00:00",
  connectionTypes: ["logs"],
};

let calls: MockCallArgs[] = [];
/** Sets mocks whose `call` returns this result. Without mocks, the functions would fail: there are no credentials. */
const useMocks = (result: unknown) =>
  setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
    call: (args) => {
      calls.push(args);
      return result as MockCallResult;
    },
  });
beforeEach(() => (calls = []));

describe("functions in a unit test with mocks", () => {
  test("getOrganization returns the result of `call`, which gets its token and its arguments", async () => {
    await useMocks(HUB);
    expect(await getOrganization({ name: "Acme Observability", source: "payments" })).toEqual({
      ...HUB,
      disabled: false,
    });
    expect(calls).toEqual([
      {
        token: "datadog-org-connections:index:getOrganization",
        inputs: { name: "Acme Observability", source: "payments" },
      },
    ]);
  });

  test("getOrganizationOutput passes the value of an output", async () => {
    await useMocks(Promise.resolve({ ...HUB, description: undefined }));
    const found = getOrganizationOutput({ name: output(HUB.name) });
    expect(await new Promise((resolve) => found.id.apply(resolve))).toBe(HUB.id);
    expect(calls[0]?.inputs).toEqual({ name: HUB.name });
  });

  test("getOrganizations and getOrgConnections return the list in the result", async () => {
    await useMocks({ organizations: [HUB], connections: [CONNECTION] });
    expect(await getOrganizations()).toEqual([{ ...HUB, disabled: false }]);
    expect(await getOrgConnections({ sinkOrgId: HUB.id.toUpperCase() })).toEqual([CONNECTION]);
    expect(calls.map(({ token, inputs }) => [token, inputs as unknown])).toEqual([
      ["datadog-org-connections:index:getOrganizations", {}],
      ["datadog-org-connections:index:getOrgConnections", { sinkOrgId: HUB.id }],
    ]);
  });

  test.each([
    [{}, "`id` is missing"],
    [{ id: 1, name: "Hub" }, "`id` must be a string"],
    [{ id: HUB.id }, "`name` is missing"],
    [undefined, "it must be an object"],
    ["hub", "it must be an object"],
  ])("the result %j of getOrganization is refused with the reason", async (result, reason) => {
    await useMocks(result);
    await expect(getOrganization({ name: "Hub" })).rejects.toMatchObject({
      code: "invalid-input",
      happened: `\`call\` of the mocks returned an invalid result for the token "datadog-org-connections:index:getOrganization": ${reason}.`,
    });
  });

  test.each([
    [[HUB], getOrganizations, "`organizations` is missing"],
    [{ organizations: [{ id: HUB.id }] }, getOrganizations, "`organizations.0.name` is missing"],
    [{ connections: [{ ...CONNECTION, connectionTypes: "logs" }] }, getOrgConnections, "`connections.0.connectionTypes` must be a list of strings"], // prettier-ignore
    [{ connections: [{ ...CONNECTION, sink: {} }] }, getOrgConnections, "`connections.0.sink.id` is missing"],
  ])("a list without a field is refused: %j", async (result, call, reason) => {
    await useMocks(result);
    await expect(call()).rejects.toThrow(reason);
  });

  test("an error of `call` is the error of the function", async () => {
    await setMocks({
      newResource: () => ({ id: "", state: {} }),
      call: () => {
        throw new Error("no organization in this test");
      },
    });
    await expect(getOrganization({ name: "Hub" })).rejects.toThrow(/^no organization in this test$/);
  });

  test("invalid arguments are refused before `call`", async () => {
    await useMocks(HUB);
    await expect(getOrganization({})).rejects.toThrow("exactly one of `name` and `id`");
    expect(calls).toEqual([]);
  });
});
