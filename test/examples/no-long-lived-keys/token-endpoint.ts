/** A local imitation of the endpoint from which a job of GitHub Actions with `id-token: write` gets its tokens. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The endpoint of one job. */
export interface TokenEndpoint {
  /** The variables of the job. */
  variables: Record<string, string>;
  /** The audiences of the tokens that it has issued. */
  audiences: string[];
  close: () => void;
}

/**
 * Starts the endpoint of one job. Like GitHub's, its address has a query already, and it returns the token as `value`
 * (https://docs.github.com/en/actions/reference/security/oidc).
 */
export async function startTokenEndpoint(
  issueToken: (audience: string) => Promise<string>,
): Promise<TokenEndpoint> {
  const requestToken = randomUUID();
  const audiences: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    const audience = searchParams.get("audience") ?? "";
    const isExpected = pathname === "/idtoken" && searchParams.get("api-version") === "2.0";
    if (!isExpected || request.headers.authorization?.toLowerCase() !== `bearer ${requestToken}`) {
      response.writeHead(401).end();
      return;
    }
    audiences.push(audience);
    issueToken(audience).then(
      (value) => response.end(JSON.stringify({ count: value.length, value })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    variables: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    audiences,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
