import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runCommand } from "../../run-command.js";
import { useEngine } from "../../../engine/stack.js";
import { expectRecorded, RECORDED } from "./golden-recording.js";
import { declareConnection } from "./programs.js";
import { reviewStack, saveState } from "./report.js";

const engine = useEngine(RECORDED);
/** Names of organizations that are not in a state yet. */
const createConfig = () => `config:
  datadog-org-connections:id: ${engine.getOrgId("payments")}
  datadog-org-connections:organizations:
    payments: { id: ${engine.getOrgId("payments")} }
    hub: { id: ${engine.getOrgId("observability")} }
    security: { id: ${engine.getOrgId("security")} }
`;
const STATE = ["--state", "state.json"];

const declareSharing = (name: string, sink: string, types: string, args = "", options = "") =>
  declareConnection(name, engine.getOrgId(sink), types, args, options);
const declareHub = () => declareSharing("to-hub", "observability", "logs, metrics", `reason: "SEC-1"`);
const declareSecurity = () => declareSharing("to-security", "security", "audit", `reason: "SEC-2"`);
const declareSearch = () => declareSharing("to-search", "search", "logs");

describe("previews of the real engine: single connections", () => {
  it("create", async () => {
    const stack = engine.createStack(`${declareHub()}${declareSecurity()}`, { config: createConfig() });
    await expectRecorded(stack, engine.sandbox, "create");
  });

  it("update, delete, replace, reason only, drift", async () => {
    const stack = engine.createStack(`${declareHub()}${declareSecurity()}${declareSearch()}`);
    await stack.expectUp();
    await saveState(stack);
    const ids = new Map(engine.sandbox.listConnections().map(({ id, sinkOrgId }) => [sinkOrgId, id]));
    const getIdTo = (sink: string) => ids.get(engine.getOrgId(sink)) ?? "";

    stack.writeProgram(
      `${declareSharing("to-hub", "observability", "audit, logs", `reason: "SEC-1"`)}${declareSecurity()}${declareSharing("to-search", "search", "logs, metrics")}`,
    );
    await expectRecorded(stack, engine.sandbox, "update");

    stack.writeProgram(`${declareHub()}${declareSearch()}`);
    await expectRecorded(stack, engine.sandbox, "delete");

    stack.writeProgram(
      `${declareHub()}${declareSharing("to-security", "checkout", "audit", `reason: "SEC-2"`)}${declareSearch()}`,
    );
    await expectRecorded(stack, engine.sandbox, "replace", "--show-replacement-steps");
    const args = [...STATE, "--lookup"];
    const replaced = await reviewStack(stack, { flags: ["--show-replacement-steps"], args });
    stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
    expect(await reviewStack(stack, { args })).toEqual(replaced);
    delete stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"];

    stack.writeProgram(
      `${declareHub()}${declareSecurity()}${declareSharing("to-search", "search", "logs", "", "deleteBeforeReplace: true")}`,
    );
    await expectRecorded(
      stack,
      engine.sandbox,
      "replace-same-pair",
      "--replace",
      await stack.findUrn("to-search"),
      "--show-replacement-steps",
    );

    stack.writeProgram(
      `${declareSharing("to-hub", "observability", "logs, metrics", `reason: "SEC-9"`, "protect: true")}${declareSecurity()}${declareSearch()}`,
    );
    await expectRecorded(stack, engine.sandbox, "reason");

    stack.writeProgram(`${declareHub()}${declareSecurity()}${declareSearch()}`);
    engine.sandbox.changeTypes(getIdTo("observability"), ["audit", "logs"]);
    engine.sandbox.disconnect(getIdTo("search"));
    await expectRecorded(stack, engine.sandbox, "drift", "--refresh");
    expect(engine.listLive()).toHaveLength(2);
  });

  it("adopt: a connection created by hand, one of another resource, and a pair without a connection", async () => {
    engine.sandbox.connect({
      source: "payments",
      sink: "security",
      connectionTypes: ["audit", "logs"],
      createdBy: engine.sandbox.getOrganization("security").user,
    });
    const stack = engine.createStack(`${declareHub()}${declareSearch()}`, { config: createConfig() });
    await stack.expectUp();
    await saveState(stack);
    stack.writeProgram(
      `${declareSharing("renamed", "observability", "logs, metrics", "adopt: true")}${declareSharing("to-security", "security", "audit", "adopt: true")}` +
        `${declareSharing("to-checkout", "checkout", "logs", "adopt: true")}${declareSearch()}`,
    );
    await expectRecorded(stack, engine.sandbox, "adopt");
    await stack.expectUp();
    expect(engine.listLive()).toEqual([
      "payments → checkout: logs",
      "payments → observability: logs, metrics",
      "payments → search: logs",
      "payments → security: audit",
    ]);
  });

  it("a connection that is retained on delete, and a preview that fails", async () => {
    const stack = engine.createStack(
      `${declareSharing("to-hub", "observability", "logs", "", "retainOnDelete: true")}${declareSearch()}`,
    );
    await stack.expectUp();
    stack.writeProgram(declareSearch());
    await expectRecorded(stack, engine.sandbox, "retain");
    stack.writeProgram(`${declareSearch()}${declareSharing("again", "search", "audit")}`);
    const failed = await reviewStack(stack);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("**⛔ The preview failed, so this report is incomplete.**");
    expect(failed.stdout).toContain("declare the same pair");
  });

  it("a rename without aliases is a collision that makes the update fail", async () => {
    const stack = engine.createStack(declareSearch());
    await stack.expectUp();
    await stack.setConfig("datadog-org-connections:checks", "offline");
    stack.writeProgram(declareSharing("renamed", "search", "logs"));
    await expectRecorded(stack, engine.sandbox, "rename");
    expect((await stack.up()).code).not.toBe(0);
  });

  it("--stack reads the state and the credentials of the stack", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    const key = "datadog-org-connections:organizations.payments";
    await stack.setConfig("--secret", "--path", `${key}.apiKey`, apiKey);
    await stack.setConfig("--secret", "--path", `${key}.appKey`, appKey);
    await stack.setConfig("--path", `${key}.url`, engine.sandbox.url);
    stack.writeProgram(`${declareHub()}${declareSharing("more", "checkout", "logs", `source: "payments"`)}`);
    const preview = await stack.previewAsJson();
    const env = { ...stack.getEnvironment(), DD_API_KEY: undefined, DD_APP_KEY: undefined };
    const read = await runCommand(["review", "--stack", "dev", "--lookup"], {
      stdin: preview,
      cwd: stack.folder,
      env,
    });
    expect([read.code, read.stderr]).toEqual([3, ""]);
    expect(read.stdout).toContain("**Acme Payments → Acme Checkout** starts sharing `logs`");
    expect(read.stdout).toContain("| unchanged | 1 |");
    expect(`${read.stdout}${preview}`).not.toContain(apiKey);
    // Only the lookup needs the secrets provider, which nobody answers for here.
    const locked = await runCommand(["review", "--stack", "dev", "--lookup"], {
      stdin: preview,
      cwd: stack.folder,
      env: { ...env, VAULT_SERVER_URL: "http://127.0.0.1:1" },
    });
    expect([locked.code, locked.stderr]).toEqual([3, ""]);
    expect(locked.stdout).toContain("The lookup failed for engine-test/dev: ");
    expect(locked.stdout).toContain("| unchanged | 1 |");
    // A stack of another project may have the same name.
    const other = preview.replaceAll("::engine-test::", "::billing::");
    for (const [name, text] of Object.entries({ preview, other }))
      writeFileSync(path.join(stack.folder, `${name}.json`), text);
    const both = await runCommand(
      ["review", "preview.json", "other.json", "--stack", "dev", "--lookup", "--format", "json"],
      { cwd: stack.folder, env },
    );
    const { notes } = JSON.parse(both.stdout) as { notes: string[] };
    expect(
      notes.filter((note) => note.includes('The lookup failed for organization "payments"')),
    ).toHaveLength(1);
  });

  it("no changes: exit 0, and the report says so", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    await saveState(stack);
    const none = await reviewStack(stack, { args: STATE });
    expect([none.code, none.stdout]).toEqual([
      0,
      "## Cross-organization connections: stack `dev` of `engine-test`\n\nNo connections change.\n",
    ]);
  });
});
