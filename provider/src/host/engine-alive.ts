import { acceptsConnections } from "datadog-org-connections-core/api/accepts-connections.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";

/**
 * Throws when the engine that started this process is gone. A provider process outlives a killed engine, and a write
 * that it still had in hand would land unseen, even after a later `up`.
 */
export async function requireEngine(address: string | undefined = process.argv[2]): Promise<void> {
  if ((await isEngineAlive(address)) !== false) return;
  throw new OrgConnectionsError("engine-gone", {
    happened: "The Pulumi engine that asked for this change is gone: nothing more is written.",
    advice: "Run `pulumi cancel` if the stack is locked, then `pulumi up --refresh`.",
  });
}

/**
 * Whether the engine still accepts connections. Its address is the process's first argument (pulumi/pulumi,
 * sdk/nodejs/cmd/dynamic-provider); without one nothing can be said.
 */
export async function isEngineAlive(address: string | undefined): Promise<boolean | undefined> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address ?? "") ?? [];
  return host === undefined || port === undefined ? undefined : asked(host, Number(port));
}

const underWay = new Map<string, Promise<boolean>>();

/** One question at a time for all writes that begin meanwhile: a set begins dozens in one turn. */
function asked(host: string, port: number): Promise<boolean> {
  const key = `${host}:${port}`;
  const asking = underWay.get(key) ?? acceptsConnections(host, port).finally(() => underWay.delete(key));
  underWay.set(key, asking);
  return asking;
}
