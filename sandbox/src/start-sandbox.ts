import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { serveApi } from "./api.js";
import { CONTROL_PREFIX, serveControl } from "./control-plane.js";
import { parseCalls } from "./control-input.js";
import { createControls, type SandboxControls } from "./controls.js";
import { describeForeignRequest } from "./foreign-request.js";
import { createWorld, parseOptions, type SandboxOptions, type World } from "./world.js";

/** A running sandbox. */
export interface Sandbox extends SandboxControls {
  /** Its base URL, such as `http://127.0.0.1:8126`. */
  readonly url: string;
  /** Stops it, and closes all sockets at once. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Starts an imitation of the Datadog API of organization connections, for tests and for trying things out. It holds
 * several organizations with made-up keys and fails on purpose when told to. Rejects when the port is taken, or the
 * state file is none.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const parsed = parseOptions(options);
  const world = createWorld(parsed);
  const controls = createControls(world);
  const closing = new AbortController();
  // Every request that waits listens to it, however many there are.
  setMaxListeners(0, closing.signal);
  const server = createServer((request, response) => {
    serve(world, controls, request, response, closing.signal).catch((error: unknown) => {
      // The client gone in the middle of its own request is none of our failures, and nobody is left to tell.
      if (response.headersSent || response.destroyed) return void response.destroy();
      const message = error instanceof Error ? error.message : String(error);
      response.writeHead(500).end(JSON.stringify({ errors: [`the sandbox itself failed: ${message}`] }));
    });
  });
  // Longer than a client's idle socket lives: a close that crosses a request looks like a fault nobody armed.
  server.keepAliveTimeout = 120_000;
  const url = `http://${HOST}:${await listen(server, parsed.port)}`;

  // Assigned to the controls, not copied from them: `organizations` must stay a getter.
  return Object.assign(parseCalls(controls), {
    url,
    close: () => {
      closing.abort();
      return close(server);
    },
  });
}

async function serve(
  world: World,
  controls: SandboxControls,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  // The sandbox's clock, not the machine's: it is what `created_at` is compared with.
  response.setHeader("Date", world.now().toUTCString());
  const refusal = describeForeignRequest(request.headers);
  if (refusal !== undefined) {
    const errors = [`the sandbox refuses this request: ${refusal}`];
    response.writeHead(403, { "Content-Type": "application/json" }).end(JSON.stringify({ errors }));
    return;
  }
  const url = new URL(request.url ?? "/", `http://${HOST}`);
  if (url.pathname.startsWith(CONTROL_PREFIX)) {
    await serveControl(controls, request, response, url.pathname);
  } else {
    await serveApi(world, request, response, url, closing);
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Its only error is "not running", which is what was asked for.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
