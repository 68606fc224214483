import { acceptsConnections } from "../client/accepts-connections.js";
import { OrgConnectionsError } from "../errors/org-connections-error.js";

/**
 * Throws when the engine that started this process is gone. A provider process outlives a killed engine, and a write
 * that it still had in hand would land unseen, even after a later `up`. The engine's address is the process's first
 * argument (pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider); without one nothing can be said, and nothing is stopped.
 */
export async function requireEngine(address: string | undefined = process.argv[2]): Promise<void> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined || port === undefined || (await asked(host, Number(port)))) return;
  throw new OrgConnectionsError(
    "engine-gone",
    "The Pulumi engine that asked for this change is gone: nothing more is written. Run `pulumi cancel` if the stack " +
      "is locked, then `pulumi up --refresh`.",
  );
}

const underWay = new Map<string, Promise<boolean>>();

/** One question at a time for all writes that begin meanwhile: a set begins dozens in one turn. */
function asked(host: string, port: number): Promise<boolean> {
  const key = `${host}:${port}`;
  const asking = underWay.get(key) ?? acceptsConnections(host, port).finally(() => underWay.delete(key));
  underWay.set(key, asking);
  return asking;
}
