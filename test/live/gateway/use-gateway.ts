import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { type Exchange, type Gateway, type GatewayOptions, startGateway } from "./gateway.js";
import { openJournal } from "./journal.js";

/** Gives each test the path of a journal in a folder of its own. */
export function useJournalFile(): () => string {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "live-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => path.join(folder, "journal.json");
}

/** A gateway for a sandbox, from `payments` to `observability`, with what it has reported. */
export interface TestGateway {
  gateway: Gateway;
  journal: ReturnType<typeof openJournal>;
  exchanges: Exchange[];
}

/** Starts gateways, and closes them after each test. A second gateway of a test is a second run with the same journal. */
export function useGateways(getSandbox: () => Sandbox) {
  const getFile = useJournalFile();
  const open: Gateway[] = [];
  afterEach(async () => {
    for (const gateway of open.splice(0)) await gateway.close();
  });
  return async (options: Partial<GatewayOptions> = {}): Promise<TestGateway> => {
    const sandbox = getSandbox();
    const exchanges: Exchange[] = [];
    const journal = openJournal(getFile());
    const gateway = await startGateway({
      target: sandbox.url,
      sourceOrgId: sandbox.getOrganization("payments").id,
      sinkOrgId: sandbox.getOrganization("observability").id,
      journal,
      maxRequests: 50,
      deadline: Date.now() + 60_000,
      onExchange: (exchange) => exchanges.push(exchange),
      ...options,
    });
    open.push(gateway);
    return { gateway, journal, exchanges };
  };
}

/** The headers that authenticate the requests of an organization. */
export function getKeys(sandbox: Sandbox, organization: string): Record<string, string> {
  const { apiKey, appKey } = sandbox.getOrganization(organization);
  return { "dd-api-key": apiKey, "dd-application-key": appKey };
}
