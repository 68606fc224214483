import { describe, expect, test } from "vitest";
import { INPUT_PROVIDER_LINE, OUTPUT_PROVIDER_LINE } from "../../core/src/host/provider-lines.js";
import { addProviderLine } from "../../provider/src/host/process-context.js";

// The exact lines of release 0.1.0. They are in the states of users forever. Add a new line instead of
// changing one.
const released = {
  INPUT_PROVIDER_LINE: "module.exports=require('pulumi-datadog-org-connections/host')",
  OUTPUT_PROVIDER_LINE:
    "try{module.exports=require('pulumi-datadog-org-connections/host')}" +
    "catch(e){throw e.stack=e.message='Run npm install: '+/.*/.exec(e),e}",
};

/** Evaluates a line as the provider process of the engine does: as the source of a module. */
function evaluate(line: string, require: (name: string) => unknown): { handler?: () => unknown } {
  const module = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the engine evaluates the line in the same way
  new Function("module", "exports", "require", line)(module, module.exports, require);
  return module.exports;
}

describe.each(Object.entries({ INPUT_PROVIDER_LINE, OUTPUT_PROVIDER_LINE }))("%s", (name, line) => {
  test("is exactly the released one", () => {
    expect(line).toBe(released[name as keyof typeof released]);
  });

  test("is one line of ASCII", () => {
    expect(line).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe.each(Object.entries(released))("the released %s", (_, line) => {
  test("loads the handler of the installed package", () => {
    const host = { handler: () => "the provider" };
    const asked: string[] = [];
    const load = (name: string) => {
      asked.push(name);
      return host;
    };
    expect(evaluate(line, load).handler?.()).toBe("the provider");
    expect(asked).toEqual(["pulumi-datadog-org-connections/host"]);
  });
});

describe("the output line if the package is missing", () => {
  const throwMissing = () => {
    const stack = "Require stack:\n- /home/example/node_modules/@pulumi/pulumi/cmd/index.js";
    throw new Error(`Cannot find module 'pulumi-datadog-org-connections/host'\n${stack}`);
  };
  const catchError = (): Error => {
    try {
      evaluate(OUTPUT_PROVIDER_LINE, throwMissing);
    } catch (error) {
      return error as Error;
    }
    throw new Error("expected a failure");
  };

  test("throws an error that names the package and what to do", () => {
    expect(catchError().message).toMatch(/^Run npm install: .*pulumi-datadog-org-connections/);
  });

  test("throws an error without stack and paths", () => {
    for (const text of [catchError().message, catchError().stack]) {
      expect(text).not.toContain("example");
      expect(text).not.toContain("\n");
    }
  });
});

describe("properties with a provider line", () => {
  test("have it as a serializable value", () => {
    expect(JSON.parse(JSON.stringify(addProviderLine({ a: 1 }, "line")))).toEqual({
      a: 1,
      __provider: "line",
    });
  });

  test("keep it if the process assigns another one", () => {
    const properties: Record<string, unknown> = addProviderLine({ a: 1 }, "line");
    properties["__provider"] = "another";
    expect(properties["__provider"]).toBe("line");
  });

  test("do not change the original properties", () => {
    const given = { a: 1 };
    addProviderLine(given, "line");
    expect(given).toEqual({ a: 1 });
  });
});
