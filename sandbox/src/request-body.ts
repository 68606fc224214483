import type { IncomingMessage } from "node:http";

/** Far more than any request of this API. */
const MOST_BYTES = 1024 * 1024;

/** The body of a request as text; cut off where it gets absurd, so that it is then no JSON. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
