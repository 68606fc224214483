/** `pulumi new` creates a project from each template, and its preview reaches the sandbox. */
import path from "node:path";
import { expect, test } from "vitest";
import { useEngine } from "../engine/stack.js";
import { ROOT } from "../tree.js";

const engine = useEngine();

test.each([
  ["hub", ["create payments-to-hub", "create checkout-to-hub"]],
  ["hub-yaml", ["create payments-to-hub", "create checkout-to-hub"]],
  ["ci", ["create payments-to-hub"]],
])("a project from examples/%s previews its connections", async (template, steps) => {
  const stack = engine.createStack("name: acme-hub\nruntime: yaml\n", { isYaml: true, project: "acme-hub" });
  for (const name of ["payments", "checkout"]) stack.useKeys(name, name);
  // The plugin of a YAML program is found on PATH.
  stack.env["PATH"] = [path.join(ROOT, "plugin"), stack.getEnvironment()["PATH"]].join(path.delimiter);
  const folder = path.join(ROOT, "examples", template);
  const created = await stack.runPulumi([
    "new",
    folder,
    "--generate-only",
    "--yes",
    "--force",
    "--name=acme-hub",
  ]);
  expect(created.code, created.output).toBe(0);
  await stack.setConfig("hub", engine.getOrgId("observability"));

  const preview = await stack.preview();
  expect(preview.code, preview.output).toBe(0);
  expect(preview.steps.filter((step) => step.endsWith("-to-hub")).toSorted()).toEqual(steps.toSorted());
});
