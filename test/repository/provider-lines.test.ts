import { describe, expect, test } from "vitest";
import { INPUT_LINE, OUTPUT_LINE, withLine } from "../../provider/src/host/provider-lines.js";

// The texts of release 0.1.0, to the letter. A new text is a new line beside these: they are in users' states for ever.
const released = {
  INPUT_LINE: "module.exports=require('pulumi-datadog-org-connections/host')",
  OUTPUT_LINE:
    "try{module.exports=require('pulumi-datadog-org-connections/host')}" +
    "catch(e){throw e.stack=e.message='Run npm install: '+/.*/.exec(e),e}",
};

/** Evaluates a line as the engine's provider process does: as the text of a module. */
function evaluate(line: string, require: (name: string) => unknown): { handler?: () => unknown } {
  const module = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the line is evaluated; that is its life
  new Function("module", "exports", "require", line)(module, module.exports, require);
  return module.exports;
}

describe.each(Object.entries({ INPUT_LINE, OUTPUT_LINE }))("%s", (name, line) => {
  test("is the released one, to the letter", () => {
    expect(line).toBe(released[name as keyof typeof released]);
  });

  test("is one line, and ASCII", () => {
    expect(line).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe.each(Object.entries(released))("the released %s", (_, line) => {
  test("leads to the handler of the installed package's host", () => {
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

describe("the output's line when the package is missing", () => {
  const missing = () => {
    const stack = "Require stack:\n- /home/somebody/node_modules/@pulumi/pulumi/cmd/index.js";
    throw new Error(`Cannot find module 'pulumi-datadog-org-connections/host'\n${stack}`);
  };
  const thrown = (): Error => {
    try {
      evaluate(OUTPUT_LINE, missing);
    } catch (error) {
      return error as Error;
    }
    throw new Error("expected a failure");
  };

  test("says what to do and which package", () => {
    expect(thrown().message).toMatch(/^Run npm install: .*pulumi-datadog-org-connections/);
  });

  test("shows neither stack nor paths", () => {
    for (const text of [thrown().message, thrown().stack]) {
      expect(text).not.toContain("somebody");
      expect(text).not.toContain("\n");
    }
  });
});

describe("properties with a line", () => {
  test("hold it as a value that travels", () => {
    expect(JSON.parse(JSON.stringify(withLine({ a: 1 }, "line")))).toEqual({ a: 1, __provider: "line" });
  });

  test("keep it when the process puts its own in its place", () => {
    const properties: Record<string, unknown> = withLine({ a: 1 }, "line");
    properties["__provider"] = "another";
    expect(properties["__provider"]).toBe("line");
  });

  test("leave the given ones as they were", () => {
    const given = { a: 1 };
    withLine(given, "line");
    expect(given).toEqual({ a: 1 });
  });
});
