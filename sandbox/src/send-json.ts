import type { ServerResponse } from "node:http";

/** Sends a response of the sandbox itself, which no fault changes. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
