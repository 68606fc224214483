import type { AssumptionName } from "../../../sandbox/src/assumptions.js";
import type { Sandbox, SandboxSeed } from "../../../sandbox/src/index.js";
import { flattenHeaders } from "../gateway/forward.js";
import { startDeviatingSandbox } from "../sandbox-target.js";
import { parseAccessToken } from "./credentials.js";
import { type CredentialNames, type ExchangeFixture, type Recording, UNKNOWN } from "./recording.js";
import { describeForm, findKind } from "./replacer.js";
import { simplifyResponse } from "./simplify.js";

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

/** The fake credentials of a replay, in place of those that a recording names. */
class ReplayCredentials {
  /** By the key of the identity. */
  readonly #accessTokens = new Map<string, string>();

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly proofs: ReadonlyMap<string, string>,
  ) {}

  /** Issues a token for each identity, as its proof. */
  static async create(
    sandbox: Sandbox,
    { identities, organizations }: Recording,
  ): Promise<ReplayCredentials> {
    const proofs = new Map<string, string>();
    for (const { key, organization } of identities) {
      const { id } = organizations.find((one) => one.key === organization) ?? organizations[0] ?? { id: "" };
      proofs.set(key, await sandbox.issuer.issueToken({ audience: `datadog/${id}`, subject: key }));
    }
    return new ReplayCredentials(sandbox, proofs);
  }

  /** Creates the headers and query parameters of a request. */
  createAuthentication({ apiKey, appKey, token, proof, location }: CredentialNames): {
    headers: Record<string, string>;
    query: Record<string, string>;
  } {
    const parts = [
      ["dd-api-key", "api_key", apiKey],
      ["dd-application-key", "application_key", appKey],
    ] as const;
    const keys = parts.flatMap(([header, parameter, name]): [string, string][] =>
      name === undefined ? [] : [[location === "headers" ? header : parameter, this.#resolve(name)]],
    );
    const authorization = {
      ...(token !== undefined && { authorization: `Bearer ${this.#resolve(token)}` }),
      ...(proof !== undefined && { authorization: `Delegated ${this.proofs.get(proof) ?? UNKNOWN}` }),
    };
    return location === "headers"
      ? { headers: { ...Object.fromEntries(keys), ...authorization }, query: {} }
      : { headers: authorization, query: Object.fromEntries(keys) };
  }

  /** Keeps the token of an exchange for later requests. */
  observeResponse({ proof }: CredentialNames, body: string): void {
    const token = proof === undefined ? undefined : parseAccessToken(body);
    if (proof !== undefined && token !== undefined) this.#accessTokens.set(proof, token);
  }

  /** Returns the credential that a name such as `organization-1/apiKey` refers to. */
  #resolve(name: string): string {
    if (name === UNKNOWN) return "unknown-credential";
    const [key = "", part] = name.split("/");
    if (this.proofs.has(key)) return this.#accessTokens.get(key) ?? "no-access-token";
    const { apiKey, appKey, bearerToken } = this.sandbox.getOrganization(key);
    if (part === "apiKey") return apiKey;
    return part === "appKey" ? appKey : bearerToken;
  }
}

/**
 * Compares a recorded value with that of a replay.
 *
 * @param path - where it is, for the messages
 * @returns one line for each difference
 */
function compareValues(expected: unknown, actual: unknown, path: string, bindings: Bindings): string[] {
  if (typeof expected === "string" && typeof actual === "string")
    return bindings.matches(expected, actual) ? [] : [describe(path, expected, actual)];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length)
      return [`${path}: ${expected.length} rows were recorded, but the sandbox sends ${actual.length}`];
    return expected.flatMap((item, at) => compareValues(item, actual[at], `${path}[${at}]`, bindings));
  }
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) =>
      compareValues(expected[name], actual[name], `${path}.${name}`, bindings),
    );
  }
  return expected === actual ? [] : [describe(path, expected, actual)];
}

const describe = (path: string, expected: unknown, actual: unknown): string =>
  `${path}: ${format(expected)} was recorded, but the sandbox sends ${format(actual)}`;

const format = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const EMBEDDED_UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * Which generated value of a replay corresponds to which replacement in the recording, such as the ID of a connection. Each value
 * corresponds to exactly one.
 */
export class Bindings {
  readonly #actualByExpected = new Map<string, string>();
  readonly #expectedByActual = new Map<string, string>();

  /** @param constants - the values that are the same in both: those of the seed */
  constructor(constants: readonly string[]) {
    for (const value of constants) this.#bind(value.toLowerCase(), value.toLowerCase());
  }

  /** Whether a value corresponds to a recorded one. Binds them if both are new and have the same form. */
  matches(expected: string, actual: string): boolean {
    const kind = findKind(expected);
    if (kind === undefined || kind !== findKind(actual)) return this.translateAll(expected) === actual;
    if (describeForm(kind, expected) !== describeForm(kind, actual)) return false;
    const [a, b] = [expected.toLowerCase(), actual.toLowerCase()];
    const isNew = !this.#actualByExpected.has(a) && !this.#expectedByActual.has(b);
    if (isNew) this.#bind(a, b);
    return this.#actualByExpected.get(a) === b;
  }

  /** Replaces the recorded IDs in a text by those of the replay. */
  translateAll(text: string): string {
    return text.replaceAll(EMBEDDED_UUID, (id) => {
      const actual = this.#actualByExpected.get(id.toLowerCase()) ?? id;
      return id === id.toLowerCase() ? actual : actual.toUpperCase();
    });
  }

  #bind(expected: string, actual: string): void {
    this.#actualByExpected.set(expected, actual);
    this.#expectedByActual.set(actual, expected);
  }
}
