import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createIsolatedEnv } from "../../../tools/pulumi-env.mjs";
import { runCommand } from "../../../tools/run-command.mjs";
import { SOURCE } from "../inputs.js";
import {
  changeTypes,
  connectPair,
  expectConnected,
  expectDisconnected,
  expectThat,
  type JourneyContext,
} from "./journey.js";

/** Which of the two providers manages the resource. */
type Host = "dynamic" | "plugin";

const COMMAND_TIMEOUT_MS = 180_000;

/** The resource class of each host. That of the plugin is like the one in its generated SDK. */
const CLASSES: Record<Host, string> = {
  dynamic: `const { OrgConnection } = require("pulumi-datadog-org-connections");`,
  plugin: `const { CustomResource } = require("@pulumi/pulumi");
class OrgConnection extends CustomResource {
  constructor(name, args) {
    super("datadog-org-connections:index:OrgConnection", name, { sourceOrgId: undefined, createdAt: undefined, ...args });
  }
}`,
};

/** The life of a connection with the real Pulumi engine: create, no changes, update, drift, delete, adopt. */
export async function runPulumiJourney(context: JourneyContext, host: Host): Promise<void> {
  const { probes, root } = context;
  const parent = path.join(root, ".local");
  mkdirSync(parent, { recursive: true });
  // In the repository, so that the program finds the packages.
  const folder = mkdtempSync(path.join(parent, "live-stack-"));
  const { sinkOrgId } = probes.evidence;
  const declare = (connectionTypes: readonly string[], adopt = false) =>
    writeProgram(folder, host, { source: SOURCE, sinkOrgId, connectionTypes, ...(adopt && { adopt }) });
  const pulumi = createPulumi(context, folder);
  const up = () => pulumi("up", "--yes", "--skip-preview", "--refresh");
  const destroy = () => pulumi("destroy", "--yes", "--skip-preview");
  try {
    writeProject(folder, host, root);
    declare(["logs"]);
    await pulumi("stack", "init", "live");
    await up();
    const id = await expectConnected(probes, ["logs"], "after the first `up`");
    await pulumi("preview", "--expect-no-changes");
    declare(["logs", "metrics"]);
    await up();
    const updatedId = await expectConnected(probes, ["logs", "metrics"], "after another `up`");
    expectThat(updatedId === id, "the update has replaced the connection");
    await changeTypes(probes, id, ["logs"]);
    await up();
    await expectConnected(probes, ["logs", "metrics"], "after the repair of drift");
    await destroy();
    await expectDisconnected(probes, "after `destroy`");

    const existingId = await connectPair(probes, ["metrics"]);
    declare(["logs"], true);
    await up();
    const adoptedId = await expectConnected(probes, ["logs"], "after the adoption");
    expectThat(
      adoptedId.toLowerCase() === existingId.toLowerCase(),
      "the adoption has replaced the connection",
    );
    await destroy();
    await expectDisconnected(probes, "after the last `destroy`");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function createPulumi({ env, pulumiDir }: JourneyContext, folder: string) {
  const backendDir = path.join(folder, "backend");
  mkdirSync(backendDir);
  const isolated = createIsolatedEnv({
    home: path.join(folder, "home"),
    backendDir,
    binDir: pulumiDir ?? "",
    base: { ...env },
    extra: Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("DD_"))),
  });
  return (...args: string[]): Promise<string> =>
    runCommand(
      "pulumi",
      [...args, ...(args[0] === "stack" ? [] : ["--stack", "live"]), "--non-interactive"],
      {
        cwd: folder,
        env: isolated,
        timeoutMs: COMMAND_TIMEOUT_MS,
      },
    );
}

function writeProject(folder: string, host: Host, root: string): void {
  const plugin =
    host === "plugin"
      ? `plugins:\n  providers:\n    - name: datadog-org-connections\n      path: ${path.join(root, "plugin")}\n`
      : "";
  writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    `name: live-test\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n${plugin}`,
  );
  writeFileSync(path.join(folder, "package.json"), `{ "name": "live-test", "main": "index.js" }\n`);
}

function writeProgram(folder: string, host: Host, args: object): void {
  const program = `${CLASSES[host]}\nnew OrgConnection("live", ${JSON.stringify(args)});\n`;
  writeFileSync(path.join(folder, "index.js"), program);
}
