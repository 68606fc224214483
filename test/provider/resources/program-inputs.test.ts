/** What a JavaScript program can pass: each case was once lost on its way, or ended in an error of the SDK's own. */
import { output } from "@pulumi/pulumi/output.js";
import { ComponentResource } from "@pulumi/pulumi/resource.js";
import { describe, expect, test } from "vitest";
import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { normaliseSet } from "../../../core/src/connection-set/inputs.js";
import {
  OrgConnectionSet,
  type OrgConnectionSetArgs,
} from "../../../provider/src/resources/org-connection-set.js";
import { OrgConnection, type OrgConnectionArgs } from "../../../provider/src/resources/org-connection.js";
import { useProgram } from "./program.js";

const run = useProgram();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const LOGS = { sinkOrgId: HUB, connectionTypes: ["logs"] };
/** As a program without types calls it. */
const connection = (args: unknown, name: unknown = "a", opts?: unknown) =>
  new OrgConnection(name as string, args as OrgConnectionArgs, opts as never);
const connectionSet = (args: unknown, name = "all") =>
  new OrgConnectionSet(name, args as OrgConnectionSetArgs);

/** The message of the one error with which a program fails, having registered nothing. */
async function refusal(program: () => unknown): Promise<string> {
  const { registered, errors } = await run(program);
  expect([registered, errors.length]).toEqual([[], 1]);
  const [error] = errors;
  if (!isOrgConnectionsError(error, "invalid-input")) throw error;
  return error.message;
}

describe("what the SDK would leave out is refused", () => {
  test.each<[string, unknown]>([
    ["a function", () => "payments"],
    ["a Promise of a function", Promise.resolve(() => "payments")],
    ["an Output of a function", output(1).apply(() => () => "payments")],
  ])("%s as source, which would be the default organization's keys", async (_, source) => {
    expect(await refusal(() => connection({ ...LOGS, source }))).toContain("`source` holds a function");
  });

  test("a source that the arguments inherit, and one of a getter of their class", async () => {
    class Arguments {
      readonly sinkOrgId = HUB;
      get source() {
        return "payments";
      }
    }
    for (const args of [Object.assign(Object.create({ source: "payments" }), LOGS), new Arguments()]) {
      expect(await refusal(() => connection(args))).toContain("takes a plain object of arguments");
    }
  });

  test.each<[string, unknown]>([
    ["a Map", new Map([[HUB, ["logs"]]])],
    ["a Promise of a Map", Promise.resolve(new Map([[HUB, ["logs"]]]))],
  ])("%s as connections, which would be a set without any", async (_, connections) => {
    expect(await refusal(() => connectionSet({ connections }))).toContain("an object of a class (a Map");
  });

  test("a destination under the key __proto__, or under a symbol", async () => {
    const connections = JSON.parse(`{ "__proto__": ["logs"] }`) as object;
    expect(await refusal(() => connectionSet({ connections }))).toContain("the key `__proto__`");
    expect(await refusal(() => connectionSet({ connections: { [Symbol("x")]: ["logs"] } }))).toContain(
      "symbol",
    );
  });

  test.each(["\ud800", ["\udc00"]])("half of a character: %j", async (reason) => {
    expect(await refusal(() => connection({ ...LOGS, reason }))).toContain("a lone surrogate");
  });

  test.each(["id", "urn", "__provider", "__proto__", "hasOwnProperty", "getProvider"])(
    "an argument %s, which never reaches check",
    async (name) => {
      const args = Object.fromEntries([...Object.entries(LOGS), [name, "x"]]);
      expect(await refusal(() => connection(args))).toContain(`\`${name}\` is no input`);
    },
  );
});

test.each<[string, unknown]>([
  ["undefined", undefined],
  ["an Output of undefined", output(undefined)],
])("a destination whose types are %s is one for check to refuse, not one left out", async (_, types) => {
  const { registered } = await run(() => connectionSet({ connections: { [HUB]: types } }));
  const { failures } = normaliseSet({ connections: registered[0]?.inputs["connections"] });
  expect(failures.map(({ reason }) => reason)).toEqual(["names no types. A set manages the types of each."]);
});

test.each<[string, unknown]>([
  ["a number", 7],
  ["a list", ["payments"]],
  ["an Output of a number", output(7)],
])("a source that is %s is for check to refuse, without an error of the program", async (_, source) => {
  const { registered, errors } = await run(() => [
    connection({ ...LOGS, source }),
    connectionSet({ connections: {}, source, exclusive: true }),
  ]);
  expect([registered.map(({ name }) => name).sort(), errors]).toEqual([["a", "all"], []]);
});

test("a set that is exclusive by a text is refused beside another resource of its organization", async () => {
  const program = () => {
    connection(LOGS);
    connectionSet({ connections: {}, exclusive: "true" });
  };
  const { errors } = await run(program);
  expect(String(errors[0])).toContain(
    `OrgConnectionSet "all" is exclusive and would end what OrgConnection "a"`,
  );
});

test("what has no end, or hardly one, is refused as such", async () => {
  const cycle: unknown[] = ["logs"];
  cycle.push(cycle);
  expect(await refusal(() => connection({ ...LOGS, connectionTypes: cycle }))).toContain("holds itself");
  const deep: unknown = JSON.parse(`${"[".repeat(101)}${"]".repeat(101)}`);
  expect(await refusal(() => connection({ ...LOGS, reason: deep }))).toContain("more than 100 levels");
  const long = Array.from({ length: 1_000_001 }, () => "logs");
  expect(await refusal(() => connection({ ...LOGS, connectionTypes: long }))).toContain("a million values");
});

describe("arguments, names and options that are none", () => {
  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a string", "x"],
    ["a list", [LOGS]],
    ["a Promise", Promise.resolve(LOGS)],
    ["an Output", output(LOGS)],
  ])("arguments: %s", async (_, args) => {
    expect(await refusal(() => connection(args))).toContain("takes a plain object of arguments");
  });

  test.each(["", Symbol("a"), 7, {}, "\ud800"])("a name: %s", async (name) => {
    expect(await refusal(() => connection(LOGS, name))).toContain(
      "The name of an OrgConnection must be a string",
    );
  });

  test.each(["x", { parent: {} }, { parent: "x" }])("options: %s", async (opts) => {
    expect(await refusal(() => connection(LOGS, "a", opts))).toContain(
      "the resource options must be an object",
    );
  });

  test("no options, written as null", async () => {
    const { registered, errors } = await run(() => connection(LOGS, "a", null));
    expect([registered.length, errors]).toEqual([1, []]);
  });

  test("a source of null is the default organization's, which a component's provider does not choose", async () => {
    class Component extends ComponentResource {
      constructor() {
        super("acme:index:Component", "component");
      }
      override getProvider(): never {
        return {} as never;
      }
    }
    const { errors } = await run(() =>
      connection({ ...LOGS, source: null }, "a", { parent: new Component() }),
    );
    expect(String(errors[0])).toContain("inherits a provider of the package datadog");
  });
});

test.each([undefined, null, "", " ", 7])(
  "a view of the id %j is refused, and declares nothing",
  async (id) => {
    expect(await refusal(() => OrgConnection.get("a", id as never))).toContain(
      "takes the UUID of a connection",
    );
  },
);
