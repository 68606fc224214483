import type { Sandbox } from "../../../sandbox/src/index.js";
import { parseAccessToken } from "./identities.js";
import { UNKNOWN, type CredentialNames, type Recording } from "./recording.js";

/** The fake credentials of a replay, in place of those that a recording names. */
export class ReplayCredentials {
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
