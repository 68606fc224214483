import { OrgConnectionsClient, type ClientOptions } from "../../../core/src/api/client.js";
import { Session, type Client } from "../../../core/src/operation/session.js";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { createFakeClock } from "../api/harness.js";
import { createOperation, type Operation } from "./operation.js";

type CallName = keyof Client;

/** How a quick operation differs from {@link createOperation}. */
interface QuickOperationOptions extends NonNullable<Parameters<typeof createOperation>[1]> {
  client?: Partial<ClientOptions>;
  /** Like `DATADOG_ORG_CONNECTIONS_ADOPT=true`. */
  adoptAll?: boolean;
  /** Runs after each call of the client, successful or not. `number` counts the calls of that name from 1. */
  meanwhile?: (call: CallName, number: number) => void;
}

/** Creates an engine operation with a client that never waits. Other users can act between two of its calls. */
export function createQuickOperation(sandbox: Sandbox, given: QuickOperationOptions = {}): Operation {
  const base = createOperation(sandbox, given);
  const sessions = new Map<Session, Session>();
  return {
    ...base,
    isAdoptingAll: () => given.adoptAll ?? false,
    getSession: (source) => {
      const real = base.getSession(source);
      const known = sessions.get(real);
      if (known) return known;
      const { credentials } = real;
      const options = { clock: createFakeClock(), random: () => 1, ...given.client };
      const client = observeCalls(new OrgConnectionsClient({ ...credentials, ...options }), given.meanwhile);
      const session = new Session(credentials, () => Promise.resolve(client));
      sessions.set(real, session);
      return session;
    },
  };
}

function observeCalls(client: Client, meanwhile: QuickOperationOptions["meanwhile"]): Client {
  if (!meanwhile) return client;
  const numbers: Partial<Record<CallName, number>> = {};
  const observe = async <T>(call: CallName, work: Promise<T>): Promise<T> => {
    const number = (numbers[call] = (numbers[call] ?? 0) + 1);
    return work.finally(() => meanwhile(call, number));
  };
  return {
    list: (...args) => observe("list", client.list(...args)),
    create: (...args) => observe("create", client.create(...args)),
    update: (...args) => observe("update", client.update(...args)),
    delete: (...args) => observe("delete", client.delete(...args)),
    listOrganizations: () => observe("listOrganizations", client.listOrganizations()),
  };
}
