/** Where SARIF places the violations of several projects, of which one is in the folder of `--cwd`. */
import { rmSync, symlinkSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { useFolder } from "../../folder.js";
import { runCommand } from "../../run-command.js";
import { create, createPreview } from "./stack-previews.js";

const folder = useFolder({ isCleared: true });
beforeEach(() => {
  folder.write("infra/index.ts", "");
  folder.write("policy.json", { protect: [{}] });
});

interface Log {
  runs: [
    {
      results: {
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: string } };
            logicalLocations: [{ fullyQualifiedName: string }];
          },
        ];
      }[];
    },
  ];
}

/** Reviews a preview of each project, and lists the file of each violation by project. */
async function listFiles(...projects: string[]): Promise<Record<string, string>> {
  const files = projects.map((project) => {
    const text = JSON.stringify(createPreview("dev", [create("dev")])).replaceAll(
      "::acme::",
      `::${project}::`,
    );
    const file = `${project}.json`;
    folder.write(file, text.replaceAll('"type":', '"sourcePosition":"project:///index.ts#12,3","type":'));
    return file;
  });
  const args = ["review", ...files, "--policy", "policy.json", "--format", "sarif", "--cwd", "infra"];
  const { code, stdout } = await runCommand(args, { cwd: folder.path });
  expect(code).toBe(5);
  const { results } = (JSON.parse(stdout) as Log).runs[0];
  return Object.fromEntries(
    results.map(({ locations: [{ physicalLocation, logicalLocations }] }) => [
      logicalLocations[0].fullyQualifiedName.split("::")[1] ?? "",
      physicalLocation.artifactLocation.uri,
    ]),
  );
}

describe("violations of several projects", () => {
  it.each([
    ["Pulumi.yaml", "name: acme\n"],
    ["Pulumi.json", '{ "name": "acme" }'],
  ])("are at the lines of the project that %s names, and others at the policy file", async (file, text) => {
    folder.write(`infra/${file}`, text);
    expect(await listFiles("acme", "other")).toEqual({ acme: "infra/index.ts", other: "policy.json" });
  });

  it.each([
    ["of another project", "name: third\n"],
    ["that names no project", "runtime: nodejs\n"],
  ])("are at the policy file if the project file is one %s", async (_, text) => {
    folder.write("infra/Pulumi.yaml", text);
    expect(await listFiles("acme", "other")).toEqual({ acme: "policy.json", other: "policy.json" });
  });

  it("are at the policy file if the folder is not the root of a project, or cannot be read", async () => {
    folder.write("Pulumi.yaml", "name: acme\n");
    expect(await listFiles("acme", "other")).toEqual({ acme: "policy.json", other: "policy.json" });
    rmSync(folder.getPath("infra"), { recursive: true });
    symlinkSync("infra", folder.getPath("infra"));
    expect(await listFiles("acme", "other")).toEqual({ acme: "policy.json", other: "policy.json" });
  });
});

it("violations of one project are at its lines, whatever the name in --cwd", async () => {
  folder.write("infra/Pulumi.yaml", "name: third\n");
  expect(await listFiles("acme")).toEqual({ acme: "infra/index.ts" });
});
