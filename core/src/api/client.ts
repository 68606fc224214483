import { ApiCalls, type CallOptions, createLimiter } from "./call.js";
import { type AccessTokens, parseAccessToken, listProofSecrets, type AccessToken } from "./access-tokens.js";
import { createFixedSenders, createTokenSenders, type AttemptSenders } from "./attempt.js";
import { isWorkloadIdentity, listSecrets, type WorkloadIdentity } from "./authentication.js";
import { OrgConnectionsError } from "./org-connections-error.js";
import { listAll, type Listing } from "./paging.js";
import {
  parseConnection,
  parseEmptyObject,
  parsePage,
  type Connection,
  parseOrganizations,
  type VisibleOrganizations,
} from "./parse.js";
import { explainExpiredToken } from "./explain-exchange.js";
import { formatCall } from "./routes.js";

/** The options of a client. */
export interface ClientOptions extends CallOptions {
  /** The access tokens of the identity. Required if the organization has an identity. */
  accessTokens?: AccessTokens | undefined;
}

/**
 * A client of the API with the credentials of one organization. A method that fails throws an `OrgConnectionsError`.
 * See https://docs.datadoghq.com/api/latest/org-connections/.
 */
export class OrgConnectionsClient {
  private readonly calls: ApiCalls;

  constructor(private readonly options: ClientOptions) {
    this.calls = new ApiCalls(options, createSenders(options));
  }

  /**
   * Lists all connections with the organization as source or destination. With `provesAbsence: true`, the list contains every
   * connection that exists during the whole read, even if other clients change the list meanwhile: see {@link listAll}.
   */
  async list(options: { provesAbsence?: boolean } = {}): Promise<Listing> {
    const listing = await listAll(
      (page) => this.calls.send({ route: "listConnections", query: { ...page } }, parsePage),
      options,
    );
    if (listing) return listing;
    throw new OrgConnectionsError(
      "incomplete-listing",
      {
        happened:
          `The list of connections of ${this.options.label} could not be read completely: its rows do not ` +
          `match its total, it has too many pages, or it changed during each attempt. The list was not used.`,
        advice: "Run the command again.",
      },
      { call: "GET /api/v2/org_connections" },
    );
  }

  /**
   * Creates a connection whose source is the organization of the credentials. If `connectionTypes` is omitted (as in the beta of
   * cross-organization visibility), Datadog chooses the types.
   */
  async create(sinkOrgId: string, connectionTypes?: readonly string[]): Promise<Connection> {
    const body = {
      data: {
        type: "org_connection",
        attributes: connectionTypes && { connection_types: connectionTypes },
        relationships: { sink_org: { data: { type: "orgs", id: sinkOrgId } } },
      },
    };
    return this.calls.send({ route: "createConnection", body }, parseConnection);
  }

  /** Sets the types of a connection. Only the source organization may do this. The response lacks the organizations' names. */
  async update(connectionId: string, connectionTypes: readonly string[]): Promise<Connection> {
    const attributes = { connection_types: connectionTypes };
    const body = { data: { type: "org_connection", id: connectionId, attributes } };
    return this.calls.send({ route: "updateConnection", connectionId, body }, parseConnection);
  }

  /**
   * Deletes a connection. Only its source and its destination organization may do this. Throws `not-found` for any other caller,
   * and if the connection does not exist.
   */
  async delete(connectionId: string): Promise<void> {
    await this.calls.send({ route: "deleteConnection", connectionId }, parseEmptyObject);
  }

  /** Lists the organizations that the caller can see. Needs `org_management` or `org_connections_write`. */
  async listOrganizations(): Promise<VisibleOrganizations> {
    return this.calls.send({ route: "listOrganizations" }, parseOrganizations);
  }
}

/** Creates the senders of all attempts. A client with an identity sends access tokens, and no other credentials. */
function createSenders({ baseUrl, authentication, accessTokens }: ClientOptions): AttemptSenders {
  if (!isWorkloadIdentity(authentication)) {
    return createFixedSenders(baseUrl, authentication, listSecrets(authentication));
  }
  if (!accessTokens) throw new Error("a client with an identity needs access tokens");
  return createTokenSenders(baseUrl, accessTokens);
}

/** The options of the token exchange for an organization with a workload identity. */
export interface ExchangeOptions extends CallOptions {
  authentication: WorkloadIdentity;
}

/** Exchanges a proof for an access token. */
export type ProofExchange = (proof: string) => Promise<AccessToken>;

/**
 * Creates the exchange of one organization: https://docs.datadoghq.com/account_management/cloud_provider_authentication/
 *
 * An exchange has the same attempts and timeouts as every call. Exchanges have their own limiter, because attempts of other calls
 * wait for the exchange. With a shared limiter, these attempts could occupy all places, and the exchange could not start.
 *
 * The exchange throws `identity-refused`, `identity-not-mapped`, `clock-wrong`, and the errors of every call.
 */
export function createExchange(options: ExchangeOptions): ProofExchange {
  const limiter = createLimiter(options);
  return async (proof) => {
    const { baseUrl } = options;
    const senders = createFixedSenders(baseUrl, { kind: "proof", proof }, listProofSecrets(proof));
    const calls = new ApiCalls(options, senders, limiter);
    const accessToken = await calls.send({ route: "exchangeToken" }, parseAccessToken);
    if (accessToken.expiresAt > Date.now()) return accessToken;
    throw new OrgConnectionsError(
      "clock-wrong",
      explainExpiredToken({ ...options, workloadIdentity: options.authentication }),
      { call: formatCall("exchangeToken") },
    );
  };
}
