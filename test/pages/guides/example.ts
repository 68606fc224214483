/** What the tests of guides have in common: a terminal in a copy of an example, with a sandbox in place of Datadog. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../../sandbox/src/index.js";
import { ROOT } from "../../tree.js";
import { useShells, type Shell } from "../shell.js";

/** The address of the sandbox on the pages. A test uses a free port. */
const PAGE_ADDRESS = "http://127.0.0.1:8226";

/** Starts a sandbox for the tests of one file, which is reset for each test, and creates shells in copies of an example. */
export function useExample(example: string, options: SandboxOptions = {}) {
  const { createShell } = useShells();
  let started: Sandbox | undefined;
  const getSandbox = (): Sandbox => {
    if (!started) throw new Error("the sandbox runs during tests only");
    return started;
  };
  beforeAll(async () => {
    started = await startSandbox(options);
  });
  beforeEach(() => getSandbox().reset());
  afterAll(() => getSandbox().close());
  return {
    get sandbox() {
      return getSandbox();
    },
    /** Creates a shell in a copy of the example, without a stack. `setUp` is the block of the page that sets the keys, if any. */
    async startShell(setUp: string, env: Record<string, string> = {}): Promise<Shell> {
      const shell = createShell(readExample(example), env);
      if (setUp !== "" && !setUp.includes(PAGE_ADDRESS)) throw new Error(`the block lacks ${PAGE_ADDRESS}`);
      await shell.run(setUp.replaceAll(PAGE_ADDRESS, getSandbox().url));
      return shell;
    },
    /** Lists the live connections, such as `payments → observability: logs`, sorted. */
    listLive: () =>
      getSandbox()
        .listConnections()
        .map(({ sourceOrgId, sinkOrgId, connectionTypes }) => {
          const getKey = (id: string) => getSandbox().organizations.find((org) => org.id === id)?.key ?? id;
          return `${getKey(sourceOrgId)} → ${getKey(sinkOrgId)}: ${connectionTypes.toSorted().join(", ")}`;
        })
        .sort(),
    /** Counts the requests since the last call, by route. */
    takeRequests(): Record<string, number> {
      const counts: Record<string, number> = {};
      for (const { route = "unknown" } of getSandbox().requests) counts[route] = (counts[route] ?? 0) + 1;
      getSandbox().clearRequests();
      return counts;
    },
  };
}

/** Reads the files of an example, by name. */
function readExample(example: string): Record<string, string> {
  const folder = path.join(ROOT, example);
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(names.map(({ name }) => [name, readFileSync(path.join(folder, name), "utf8")]));
}
