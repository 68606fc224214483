import { canConnect } from "../api/network.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";

/**
 * Throws if a probe of the engine fails. A provider process outlives a killed engine, and a pending write would take effect
 * unnoticed, possibly after a later `up`.
 *
 * @throws `engine-gone`
 */
export async function requireEngine(address = findEngineAddress()): Promise<void> {
  if ((await isEngineAlive(address)) !== false) return;
  throw new OrgConnectionsError("engine-gone", {
    happened:
      "The Pulumi engine that requested this change is gone, so this process changes nothing more in Datadog.",
    advice: "Run `pulumi cancel` if the stack is locked, then `pulumi up --refresh`.",
  });
}

/**
 * Finds the address of the engine in the arguments of this process. The address is the last argument: flags such as `--logtostderr`
 * and `--tracing` come before it (pulumi/pulumi, sdk/go/common/resource/plugin/plugin.go, buildPluginArguments).
 */
export const findEngineAddress = (args: readonly string[] = process.argv.slice(2)): string | undefined =>
  args.at(-1);

/** Whether the engine still accepts network connections. Undefined if the argument is not an address. */
export async function isEngineAlive(address: string | undefined): Promise<boolean | undefined> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address ?? "") ?? [];
  return host === undefined || port === undefined ? undefined : probe(host, Number(port));
}

const pendingProbes = new Map<string, Promise<boolean>>();

/** Probes the engine. Concurrent writes share one probe, because a set starts dozens of writes at the same time. */
function probe(host: string, port: number): Promise<boolean> {
  const key = `${host}:${port}`;
  const probing = pendingProbes.get(key) ?? canConnect(host, port).finally(() => pendingProbes.delete(key));
  pendingProbes.set(key, probing);
  return probing;
}
