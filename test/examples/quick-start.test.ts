import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { startSandbox } from "../../sandbox/src/index.js";
import { usePage } from "../pages/page.js";
import { ROOT } from "../tree.js";

const run = promisify(execFile);
let tour = "";

beforeAll(async () => {
  // Without pulumi on PATH, as for a new user.
  const { stdout } = await run(process.execPath, ["tools/start.mjs"], { cwd: ROOT, maxBuffer: 10_000_000 });
  tour = stdout;
}, 300_000);

describe("npm start", () => {
  it("runs the tour of the quick start, and checks each step in the sandbox", () => {
    const titles = [...tour.matchAll(/^── (.*?) ─+$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      "1. Declare",
      "2. Preview",
      "3. Up",
      "4. Up again",
      "5. Review",
      "6. Change",
      "7. Drift",
      "8. Discover",
      "9. Map",
      "10. Destroy",
    ]);
  });

  it("shows review, discover and map with their output", () => {
    expect(tour).toMatch(
      /\$ datadog-org-connections review .*\n(.*\n)*.*⛔ \*\*Acme Payments → Acme Security\*\*/,
    );
    expect(tour).toMatch(/\$ datadog-org-connections discover .*\n(.*\n)*.*new OrgConnection\(/);
    expect(tour).toMatch(/\$ datadog-org-connections map .*\n(.*\n)*flowchart LR/);
  });
});

const page = usePage("examples/quick-start/README.md");

describe("the commands after the tour", () => {
  /** A copy of the repository's files that the commands use, because they create files next to Pulumi.yaml. */
  mkdirSync(path.join(ROOT, ".local"), { recursive: true });
  const place = mkdtempSync(path.join(ROOT, ".local/next-steps-"));
  afterAll(() => rmSync(place, { recursive: true }));

  it("work as printed in a shell, in this order", async () => {
    const printed = [...tour.slice(tour.indexOf("The tour is complete.")).matchAll(/^ {2}(\S.*)$/gm)].map(
      ([, command = ""]) => command.replace(/\s+#.*/, ""),
    );
    // The page has the same commands, and the preview of the tour instead of the review.
    const ofTour = [...tour.matchAll(/^ *\$ (.*)$/gm)].map(([, command = ""]) => command);
    const ofPage = page.takeBlock("Quick start", "sh").trim().split("\n");
    expect([...printed, ...ofTour]).toEqual(expect.arrayContaining(ofPage));
    const commands = printed
      // What the user fills in, and what `pulumi up` asks.
      .map((command) => command.replace(/DD_(API|APP)_KEY=…/g, ""))
      .map((command) => command.replace("'Name of the destination'", "'Acme Observability'"))
      .map((command) => command.replace(/^pulumi up$/, "pulumi up --yes --skip-preview"))
      // The exit code 3 means that connections change.
      .map((command) => command.replace(/\| datadog-org-connections review --lookup$/, "$& || [ $? = 3 ]"));
    expect(commands).toHaveLength(12);
    for (const name of ["Pulumi.yaml", "tsconfig.base.json", "examples/quick-start"])
      cpSync(path.join(ROOT, name), path.join(place, name), { recursive: true });
    const sandbox = await startSandbox();
    const { apiKey, appKey } = sandbox.getOrganization("payments");
    mkdirSync(path.join(place, "backend"));
    const env = createIsolatedEnv({
      home: path.join(place, "home"),
      backendDir: path.join(place, "backend"),
      binDir: path.dirname(process.execPath),
      extra: { DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey },
    });
    try {
      const { stdout } = await run("bash", ["-ec", commands.join("\n")], {
        cwd: place,
        env,
        maxBuffer: 10_000_000,
      });
      expect(stdout).toContain("Organizations to choose from: Acme Checkout");
      expect(stdout).toContain("**Acme Payments → Acme Observability** starts sharing `logs`");
      expect(sandbox.listConnections()).toMatchObject([{ connectionTypes: ["logs"] }]);
    } finally {
      await sandbox.close();
    }
  }, 300_000);
});
