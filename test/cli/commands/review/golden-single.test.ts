import { describe, expect, it } from "vitest";
import { runCommand } from "../../run-command.js";
import { useEngine } from "../../../engine/stack.js";
import { single } from "./programs.js";
import { expectGolden, previewed, review, saveState } from "./report.js";

const engine = useEngine();
/** Names of organizations that no state tells yet. */
const CONFIG = () => `config:
  datadog-org-connections:id: ${engine.id("payments")}
  datadog-org-connections:organizations:
    payments: { id: ${engine.id("payments")} }
    hub: { id: ${engine.id("observability")} }
    security: { id: ${engine.id("security")} }
`;
const STATE = ["--state", "state.json"];

const share = (name: string, sink: string, types: string, args = "", options = "") =>
  single(name, engine.id(sink), types, args, options);
const HUB = () => share("to-hub", "observability", "logs, metrics", `reason: "SEC-1"`);
const SECURITY = () => share("to-security", "security", "audit", `reason: "SEC-2"`);
const SEARCH = () => share("to-search", "search", "logs");

describe("reports of real previews: single connections", () => {
  it("create", async () => {
    const stack = engine.stack(`${HUB()}${SECURITY()}`, { config: CONFIG() });
    const created = await review(stack);
    expect(created.code).toBe(3);
    await expectGolden(created, "create");
  });

  it("update, delete, replace, reason only, drift", async () => {
    const stack = engine.stack(`${HUB()}${SECURITY()}${SEARCH()}`);
    await stack.mustUp();
    await saveState(stack);
    const ids = new Map(engine.sandbox.connections().map(({ id, sinkOrgId }) => [sinkOrgId, id]));
    const idTo = (sink: string) => ids.get(engine.id(sink)) ?? "";

    stack.program(
      `${share("to-hub", "observability", "audit, logs", `reason: "SEC-1"`)}${SECURITY()}${share("to-search", "search", "logs, metrics")}`,
    );
    const updated = await review(stack, { args: STATE });
    expect(updated.code).toBe(4);
    await expectGolden(updated, "update");

    stack.program(`${HUB()}${SEARCH()}`);
    const ended = await review(stack, { args: STATE });
    expect(ended.code).toBe(4);
    await expectGolden(ended, "delete");

    stack.program(`${HUB()}${share("to-security", "checkout", "audit", `reason: "SEC-2"`)}${SEARCH()}`);
    const replaced = await review(stack, {
      flags: ["--show-replacement-steps"],
      args: [...STATE, "--lookup"],
    });
    expect(replaced.code).toBe(4);
    await expectGolden(replaced, "replace");
    stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
    expect(await review(stack, { args: [...STATE, "--lookup"] })).toEqual(replaced);
    delete stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"];

    stack.program(
      `${HUB()}${SECURITY()}${share("to-search", "search", "logs", "", "deleteBeforeReplace: true")}`,
    );
    const forced = await review(stack, {
      flags: ["--replace", await stack.urn("to-search"), "--show-replacement-steps"],
      args: STATE,
    });
    expect(forced.code).toBe(4);
    await expectGolden(forced, "replace-same-pair");

    stack.program(
      `${share("to-hub", "observability", "logs, metrics", `reason: "SEC-9"`, "protect: true")}${SECURITY()}${SEARCH()}`,
    );
    const recorded = await review(stack, { args: STATE });
    expect(recorded.code).toBe(3);
    await expectGolden(recorded, "reason");

    stack.program(`${HUB()}${SECURITY()}${SEARCH()}`);
    engine.sandbox.changeTypes(idTo("observability"), ["audit", "logs"]);
    engine.sandbox.disconnect(idTo("search"));
    const drifted = await review(stack, { flags: ["--refresh"], args: STATE });
    expect(drifted.code).toBe(4);
    await expectGolden(drifted, "drift");
    expect(engine.live()).toHaveLength(2);
  });

  it("adopt: by hand made, from another resource, and a pair that is free", async () => {
    engine.sandbox.connect({
      source: "payments",
      sink: "security",
      connectionTypes: ["audit", "logs"],
      createdBy: { ...engine.sandbox.organization("security").user, name: "Maria *Hand*" },
    });
    const stack = engine.stack(`${HUB()}${SEARCH()}`, { config: CONFIG() });
    await stack.mustUp();
    await saveState(stack);
    stack.program(
      `${share("renamed", "observability", "logs, metrics", "adopt: true")}${share("to-security", "security", "audit", "adopt: true")}` +
        `${share("to-checkout", "checkout", "logs", "adopt: true")}${SEARCH()}`,
    );
    const reviewed = await previewed(stack);
    const adopted = await reviewed(...STATE);
    expect(adopted.code).toBe(4);
    await expectGolden(adopted, "adopt");
    const lookedUp = await reviewed(...STATE, "--lookup");
    expect(lookedUp.code).toBe(4);
    await expectGolden(lookedUp, "adopt-looked-up");
    await stack.mustUp();
    expect(engine.live()).toEqual([
      "payments → checkout: logs",
      "payments → observability: logs, metrics",
      "payments → search: logs",
      "payments → security: audit",
    ]);
  });

  it("what is not ended by its deletion, and a preview that fails", async () => {
    const stack = engine.stack(
      `${share("to-hub", "observability", "logs", "", "retainOnDelete: true")}${SEARCH()}`,
    );
    await stack.mustUp();
    stack.program(SEARCH());
    const released = await review(stack);
    expect(released.code).toBe(3);
    await expectGolden(released, "retain");
    stack.program(`${SEARCH()}${share("again", "search", "audit")}`);
    const failed = await review(stack);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("**⛔ The preview failed, so this report is not complete.**");
    expect(failed.stdout).toContain("declare the same pair");
  });

  it("a rename without aliases is a collision that the up would hit", async () => {
    const stack = engine.stack(SEARCH());
    await stack.mustUp();
    await stack.config("datadog-org-connections:checks", "offline");
    stack.program(share("renamed", "search", "logs"));
    const renamed = await review(stack);
    expect(renamed.code).toBe(4);
    await expectGolden(renamed, "rename");
    expect((await stack.up()).code).not.toBe(0);
  });

  it("--stack reads state and keys of the stack itself", async () => {
    const stack = engine.stack(HUB());
    await stack.mustUp();
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    const key = "datadog-org-connections:organizations.payments";
    await stack.config("--secret", "--path", `${key}.apiKey`, apiKey);
    await stack.config("--secret", "--path", `${key}.appKey`, appKey);
    await stack.config("--path", `${key}.url`, engine.sandbox.url);
    stack.program(`${HUB()}${share("more", "checkout", "logs", `source: "payments"`)}`);
    const preview = await stack.previewJson();
    const env = { ...stack.environment(), DD_API_KEY: undefined, DD_APP_KEY: undefined };
    const read = await runCommand(["review", "--stack", "dev", "--lookup"], {
      stdin: preview,
      cwd: stack.folder,
      env,
    });
    expect([read.code, read.stderr]).toEqual([3, ""]);
    expect(read.stdout).toContain("**Acme Payments → Acme Checkout** begins to share `logs`");
    expect(read.stdout).toContain("| unchanged | 1 |");
    expect(`${read.stdout}${preview}`).not.toContain(apiKey);
  });

  it("nothing to do: exit 0, and so it says", async () => {
    const stack = engine.stack(HUB());
    await stack.mustUp();
    const none = await review(stack);
    expect([none.code, none.stdout]).toEqual([
      0,
      "## Cross-organization connections: stack `dev` of `engine-test`\n\nNo connection changes.\n",
    ]);
  });
});
