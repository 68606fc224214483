import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKeys } from "./harness.js";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";

let server: Server;
let sockets = 0;

beforeEach(async () => {
  sockets = 0;
  server = createServer((_, response) => {
    response.setHeader("Content-Type", "application/json").end(JSON.stringify({ data: [] }));
  });
  server.on("connection", () => sockets++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => void server.close());

function createClient(name: string): OrgConnectionsClient {
  return new OrgConnectionsClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authentication: createKeys(`api-${name}`, `app-${name}`),
    label: name,
    credentialsFrom: "the test",
  });
}

test("the organizations of one process share their sockets", async () => {
  const clients = Array.from({ length: 20 }, (_, at) => createClient(`source-${at}`));
  for (const client of clients) await client.list();
  expect(sockets).toBe(1);
});
