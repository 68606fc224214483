/**
 * The two requests of Vault's transit engine that the CLI makes when a stack has `--secrets-provider=hashivault://…`. A passphrase costs
 * every command 0.2 s to derive the key, half of its CPU time; what encrypts the key of the stack's secrets is not what tests are about.
 *
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

const PREFIX = "vault:v1:";

const server = createServer((request, response) => {
  void transform(request).then((data) => response.end(JSON.stringify({ data })));
}).listen(0, "127.0.0.1");
await once(server, "listening");
server.unref();

async function transform(request: IncomingMessage) {
  const { plaintext, ciphertext } = (await json(request)) as { plaintext?: string; ciphertext?: string };
  return plaintext === undefined
    ? { plaintext: ciphertext?.slice(PREFIX.length) }
    : { ciphertext: PREFIX + plaintext };
}

/** The flag of `pulumi stack init`. */
export const SECRETS_PROVIDER = "--secrets-provider=hashivault://tests";

/** What the CLI needs to reach the server of this process. */
export const VAULT = {
  VAULT_SERVER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  VAULT_SERVER_TOKEN: "tests",
};
