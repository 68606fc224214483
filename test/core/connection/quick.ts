import { OrgConnectionsClient, type ClientOptions } from "../../../core/src/api/client.js";
import { Session, type Client } from "../../../core/src/operation/session.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { fakeClock } from "../api/harness.js";
import { operation, type Operation } from "./operation.js";

type CallName = keyof Client;

/** How a quick operation differs from {@link operation}. */
interface Given extends NonNullable<Parameters<typeof operation>[1]> {
  client?: Partial<ClientOptions>;
  /** As `DATADOG_ORG_CONNECTIONS_ADOPT=true` does. */
  adoptAll?: boolean;
  /** What others do as soon as a call of ours has ended, well or not; `number` counts the calls of that name from 1. */
  meanwhile?: (call: CallName, number: number) => void;
}

/** An engine operation whose client waits for nothing, and in which others can act between two calls. */
export function quick(sandbox: Sandbox, given: Given = {}): Operation {
  const base = operation(sandbox, given);
  const sessions = new Map<Session, Session>();
  return {
    ...base,
    adoptAll: () => given.adoptAll ?? false,
    session: (source) => {
      const real = base.session(source);
      const known = sessions.get(real);
      if (known) return known;
      const { credentials } = real;
      const options = { clock: fakeClock(), random: () => 1, ...given.client };
      const client = told(new OrgConnectionsClient({ ...credentials, ...options }), given.meanwhile);
      const session = new Session(credentials, () => Promise.resolve(client));
      sessions.set(real, session);
      return session;
    },
  };
}

function told(client: Client, meanwhile: Given["meanwhile"]): Client {
  if (!meanwhile) return client;
  const numbers: Partial<Record<CallName, number>> = {};
  const then = async <T>(call: CallName, work: Promise<T>): Promise<T> => {
    const number = (numbers[call] = (numbers[call] ?? 0) + 1);
    return work.finally(() => meanwhile(call, number));
  };
  return {
    list: (...args) => then("list", client.list(...args)),
    create: (...args) => then("create", client.create(...args)),
    update: (...args) => then("update", client.update(...args)),
    delete: (...args) => then("delete", client.delete(...args)),
    organizations: () => then("organizations", client.organizations()),
  };
}
