import type { AssumptionName } from "../../../sandbox/src/assumptions.js";
import type { Sandbox, SandboxSeed } from "../../../sandbox/src/index.js";
import { startDeviatingSandbox } from "../deviations/index.js";
import { flattenHeaders } from "../gateway/http-headers.js";
import { Bindings } from "./bindings.js";
import { compareValues } from "./compare.js";
import type { ExchangeFixture, Recording } from "./recording.js";
import { ReplayCredentials } from "./replay-credentials.js";
import { simplifyResponse } from "./simplify-exchange.js";

/** Much more than a recording has. */
const RATE_LIMIT = { limit: 1_000_000, periodSeconds: 60 };

/** Creates a seed with the organizations, connections and identities of a recording. */
function createSeed({ organizations, connections, identities }: Recording): SandboxSeed {
  return {
    accounts: [{ name: "Recording", organizations }],
    connections,
    identities: identities.flatMap(({ key, organization, scopes }) =>
      organization === undefined
        ? []
        : [{ organization, scopes, identity: { type: "jwt", claims: { sub: key } } }],
    ),
  };
}

/**
 * Replays a recording against the sandbox.
 *
 * @param deviate - the assumption that the sandbox inverts
 * @returns one line for each difference, with the request; none if the sandbox does what was recorded
 */
export async function replayRecording(recording: Recording, deviate?: AssumptionName): Promise<string[]> {
  const hasRateLimit = recording.exchanges.some(({ headers }) => "x-ratelimit-limit" in headers);
  const sandbox = await startDeviatingSandbox(deviate, {
    seed: createSeed(recording),
    ...(hasRateLimit && { rateLimit: RATE_LIMIT }),
  });
  try {
    const credentials = await ReplayCredentials.create(sandbox, recording);
    const replay = { sandbox, credentials, bindings: new Bindings(listConstants(recording)) };
    const differences: string[] = [];
    for (const [at, exchange] of recording.exchanges.entries()) {
      const lines = await replayExchange(replay, exchange);
      differences.push(...lines.map((line) => `${at + 1}. ${exchange.method} ${exchange.path}: ${line}`));
    }
    return differences;
  } finally {
    await sandbox.close();
  }
}

interface Replay {
  sandbox: Sandbox;
  credentials: ReplayCredentials;
  bindings: Bindings;
}

async function replayExchange(
  { sandbox, credentials, bindings }: Replay,
  exchange: ExchangeFixture,
): Promise<string[]> {
  const { method, path, requestBody, status, headers, body } = exchange;
  const sent = credentials.createAuthentication(exchange.credentials);
  const url = new URL(bindings.translateAll(path), sandbox.url);
  for (const [name, value] of Object.entries(sent.query)) url.searchParams.set(name, value);
  const response = await fetch(url, {
    method,
    headers: sent.headers,
    redirect: "manual",
    ...(requestBody !== undefined && { body: bindings.translateAll(formatBody(requestBody)) }),
  });
  const text = await response.text();
  credentials.observeResponse(exchange.credentials, text);
  const actual = simplifyResponse(
    { method, path },
    { status: response.status, headers: flattenHeaders(Object.fromEntries(response.headers)), body: text },
  );
  return compareValues({ status, headers, body }, actual, "response", bindings);
}

/** A body that was not JSON is replaced by another one that is not. */
const formatBody = (body: unknown): string => (body === "<not JSON>" ? "<not JSON>" : JSON.stringify(body));

/** Lists the values that the sandbox does not generate. */
function listConstants({ organizations, connections }: Recording): string[] {
  const users = [
    ...organizations.flatMap(({ user }) => user ?? []),
    ...connections.map(({ createdBy }) => createdBy),
  ];
  return [
    ...organizations.map(({ id }) => id),
    ...users.flatMap(({ id, handle, email }) => [id, handle, email]),
  ];
}
