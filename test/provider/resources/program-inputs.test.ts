/** Values that a JavaScript program can pass. Each of them was once omitted silently, or caused an error of the SDK. */
import { runInNewContext } from "node:vm";
import { output } from "@pulumi/pulumi/output.js";
import { ComponentResource } from "@pulumi/pulumi/resource.js";
import { describe, expect, test } from "vitest";
import { isOrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { normalizeSetInputs } from "../../../core/src/connection-set/fields.js";
import {
  OrgConnectionSet,
  type OrgConnectionSetArgs,
} from "../../../provider/src/resources/org-connection-set.js";
import { OrgConnection, type OrgConnectionArgs } from "../../../provider/src/resources/org-connection.js";
import { useProgram } from "./program.js";

const runProgram = useProgram();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const LOGS = { sinkOrgId: HUB, connectionTypes: ["logs"] };
/** Calls the constructor like a program without types. */
const createConnection = (args: unknown, name: unknown = "a", opts?: unknown) =>
  new OrgConnection(name as string, args as OrgConnectionArgs, opts as never);
const createConnectionSet = (args: unknown, name = "all") =>
  new OrgConnectionSet(name, args as OrgConnectionSetArgs);

/** Returns the message of the only error of a program that registers nothing. */
async function catchRefusal(program: () => unknown): Promise<string> {
  const { registered, errors } = await runProgram(program);
  expect([registered, errors.length]).toEqual([[], 1]);
  const [error] = errors;
  if (!isOrgConnectionsError(error, "invalid-input")) throw error;
  return error.message;
}

describe("values that the SDK would omit are refused", () => {
  test.each<[string, unknown]>([
    ["a function", () => "payments"],
    ["a Promise of a function", Promise.resolve(() => "payments")],
    ["an Output of a function", output(1).apply(() => () => "payments")],
  ])("%s as source, which would use the default credentials", async (_, source) => {
    expect(await catchRefusal(() => createConnection({ ...LOGS, source }))).toContain(
      "`source` contains a function",
    );
  });

  test("an inherited source, and a source from a getter of a class", async () => {
    class Arguments {
      readonly sinkOrgId = HUB;
      get source() {
        return "payments";
      }
    }
    for (const args of [Object.assign(Object.create({ source: "payments" }), LOGS), new Arguments()]) {
      expect(await catchRefusal(() => createConnection(args))).toContain("takes a plain object of arguments");
    }
  });

  test.each<[string, unknown]>([
    ["a Map", new Map([[HUB, ["logs"]]])],
    ["a Promise of a Map", Promise.resolve(new Map([[HUB, ["logs"]]]))],
  ])("%s as connections, which would be an empty set", async (_, connections) => {
    expect(await catchRefusal(() => createConnectionSet({ connections }))).toContain(
      "an instance of a class (such as a Map",
    );
  });

  test("a destination with the key __proto__ or a symbol", async () => {
    const connections = JSON.parse(`{ "__proto__": ["logs"] }`) as object;
    expect(await catchRefusal(() => createConnectionSet({ connections }))).toContain("the key `__proto__`");
    expect(
      await catchRefusal(() => createConnectionSet({ connections: { [Symbol("x")]: ["logs"] } })),
    ).toContain("symbol");
  });

  test.each(["\ud800", ["\udc00"]])("a lone surrogate: %j", async (reason) => {
    expect(await catchRefusal(() => createConnection({ ...LOGS, reason }))).toContain("a lone surrogate");
  });

  test.each(["id", "urn", "__provider", "__proto__", "hasOwnProperty", "getProvider"])(
    "an argument %s, which never reaches check",
    async (name) => {
      const args = Object.fromEntries([...Object.entries(LOGS), [name, "x"]]);
      expect(await catchRefusal(() => createConnection(args))).toContain(`\`${name}\` is not an input`);
    },
  );
});

test.each<[string, unknown]>([
  ["undefined", undefined],
  ["an Output of undefined", output(undefined)],
])("a destination with types %s is refused by check, not omitted", async (_, types) => {
  const { registered } = await runProgram(() => createConnectionSet({ connections: { [HUB]: types } }));
  const { failures } = normalizeSetInputs({ connections: registered[0]?.inputs["connections"] });
  expect(failures.map(({ reason }) => reason)).toEqual([
    "has no types. List at least one type: a set manages the types of each destination.",
  ]);
});

test.each<[string, unknown]>([
  ["a number", 7],
  ["a list", ["payments"]],
  ["an Output of a number", output(7)],
])("a source that is %s is refused by check, without an error of the program", async (_, source) => {
  const { registered, errors } = await runProgram(() => [
    createConnection({ ...LOGS, source }),
    createConnectionSet({ connections: {}, source, exclusive: true }),
  ]);
  expect([registered.map(({ name }) => name).sort(), errors]).toEqual([["a", "all"], []]);
});

test("a set with exclusive as a string is refused together with another resource of its organization", async () => {
  const program = () => {
    createConnection(LOGS);
    createConnectionSet({ connections: {}, exclusive: "true" });
  };
  const { errors } = await runProgram(program);
  expect(String(errors[0])).toContain(
    `OrgConnectionSet "all" is exclusive and would delete what OrgConnection "a"`,
  );
});

test("values without an end, or too large ones, are refused", async () => {
  const cycle: unknown[] = ["logs"];
  cycle.push(cycle);
  expect(await catchRefusal(() => createConnection({ ...LOGS, connectionTypes: cycle }))).toContain(
    "contains itself",
  );
  const deep: unknown = JSON.parse(`${"[".repeat(101)}${"]".repeat(101)}`);
  expect(await catchRefusal(() => createConnection({ ...LOGS, reason: deep }))).toContain(
    "more than 100 levels",
  );
  const long = Array.from({ length: 1_000_001 }, () => "logs");
  expect(await catchRefusal(() => createConnection({ ...LOGS, connectionTypes: long }))).toContain(
    "a million values",
  );
});

describe("invalid arguments, names and options", () => {
  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a string", "x"],
    ["a list", [LOGS]],
    ["a Promise", Promise.resolve(LOGS)],
    ["an Output", output(LOGS)],
  ])("arguments: %s", async (_, args) => {
    expect(await catchRefusal(() => createConnection(args))).toContain("takes a plain object of arguments");
  });

  test.each(["", Symbol("a"), 7, {}, "\ud800"])("a name: %s", async (name) => {
    expect(await catchRefusal(() => createConnection(LOGS, name))).toContain(
      "The name of an OrgConnection must be a non-empty string",
    );
  });

  test.each(["x", { parent: {} }, { parent: "x" }])("options: %s", async (opts) => {
    expect(await catchRefusal(() => createConnection(LOGS, "a", opts))).toContain(
      "the resource options must be an object",
    );
  });

  test("null as options is accepted", async () => {
    const { registered, errors } = await runProgram(() => createConnection(LOGS, "a", null));
    expect([registered.length, errors]).toEqual([1, []]);
  });

  test("a source of null is the default organization, which a component's provider cannot change", async () => {
    class Component extends ComponentResource {
      constructor() {
        super("acme:index:Component", "component");
      }
      override getProvider(): never {
        return {} as never;
      }
    }
    const { errors } = await runProgram(() =>
      createConnection({ ...LOGS, source: null }, "a", { parent: new Component() }),
    );
    expect(String(errors[0])).toContain("inherits a provider of the package datadog");
  });
});

describe("values of another realm, such as the Promises of Node's modules under Jest", () => {
  const runElsewhere = (code: string): unknown => runInNewContext(code);

  test("a Promise is awaited", async () => {
    const connectionTypes = runElsewhere('Promise.resolve(["logs"])');
    const { registered, errors } = await runProgram(() => createConnection({ ...LOGS, connectionTypes }));
    expect([registered[0]?.inputs["connectionTypes"], errors]).toEqual([["logs"], []]);
  });

  test("a Promise of an id is accepted", async () => {
    const id = runElsewhere(`Promise.resolve("${HUB}")`);
    const { errors } = await runProgram(() => OrgConnection.get("a", id as never));
    expect(errors).toEqual([]);
  });

  test("the error of a rejected Promise is reported unchanged", async () => {
    const reason = runElsewhere('Promise.reject(new Error("no such file"))');
    const { errors } = await runProgram(() => createConnection({ ...LOGS, reason }));
    expect(errors.map(String)).toEqual([expect.stringMatching(/Error: no such file$/)]);
  });
});

test.each([undefined, null, "", " ", 7])(
  "a `get` with the id %j is refused, and declares nothing",
  async (id) => {
    expect(await catchRefusal(() => OrgConnection.get("a", id as never))).toContain(
      "must be the UUID of a connection",
    );
  },
);

test("the option import is refused, also for a get; an empty ID is none", async () => {
  const refused = "the resource option `import` is not supported";
  expect(await catchRefusal(() => createConnection(LOGS, "a", { import: "some-id" }))).toContain(refused);
  expect(await catchRefusal(() => createConnection({}, "a", { id: "x", import: "some-id" }))).toContain(
    refused,
  );
  const { registered, errors } = await runProgram(() => createConnection(LOGS, "a", { import: "" }));
  expect([registered.length, errors]).toEqual([1, []]);
});
