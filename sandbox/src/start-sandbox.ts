import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { serveApi } from "./api.js";
import {
  CONTROL_PREFIX,
  serveControl,
  createValidatedControls,
  createControls,
  type SandboxControls,
} from "./controls.js";
import { describeCrossOriginRefusal } from "./cross-origin.js";
import { handleCall } from "./handle-call.js";
import { createIssuer, ISSUER_PATH, serveIssuer } from "./identity/issuer.js";
import { parseOptions, type SandboxOptions } from "./options.js";
import { createContext, type HandleCall, type SandboxContext } from "./sandbox-context.js";
import { sendJson } from "./send-response.js";

/** A running sandbox. */
export interface Sandbox extends SandboxControls {
  /** The base URL, such as `http://127.0.0.1:8226`. */
  readonly url: string;
  /** Stops the sandbox and closes all sockets immediately. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Starts an imitation of the Datadog API for organization connections, for tests and trials. It has several
 * organizations with fake keys, and can inject failures.
 *
 * @throws {@link SandboxInputError} if an option or the state file is invalid, and Node's error if the port is in use
 *
 * @example
 * const sandbox = await startSandbox();
 * const { apiKey, appKey } = sandbox.getOrganization("payments");
 * // Run the program under test with DD_HOST=sandbox.url and these keys.
 * await sandbox.close();
 */
export function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return serveSandbox(options, handleCall);
}

/** Starts a sandbox that handles calls with this function: the live tests wrap `handleCall`, to invert an assumption. */
export async function serveSandbox(options: SandboxOptions, handle: HandleCall): Promise<Sandbox> {
  const parsed = parseOptions(options);
  const contextWithoutIssuer = createContext(parsed, handle);
  const closing = new AbortController();
  // Every waiting request adds a listener, so disable Node's warning about many listeners.
  setMaxListeners(0, closing.signal);
  const server = createServer();
  // Longer than clients keep an idle socket open. Otherwise the server could close a socket on which a client is
  // sending a request, which would be an unintended fault.
  server.keepAliveTimeout = 120_000;
  const url = `http://${HOST}:${await listen(server, parsed.port)}`;
  const context = { ...contextWithoutIssuer, issuer: createIssuer(url, contextWithoutIssuer.now) };
  const controls = createControls(context);
  // No request is missed: Node accepts the first connection after this code has run.
  server.on("request", (request, response) => {
    handleRequest(context, controls, request, response, closing.signal).catch((error: unknown) => {
      // A client that disconnects during its request is not a failure of the sandbox, and gets no response.
      if (response.headersSent || response.destroyed) return void response.destroy();
      const message = error instanceof Error ? error.message : String(error);
      response.writeHead(500).end(JSON.stringify({ errors: [`the sandbox itself failed: ${message}`] }));
    });
  });

  // Do not use a spread: it would copy the value of `organizations`, which must stay a getter.
  return Object.assign(createValidatedControls(controls), {
    url,
    close: () => {
      closing.abort();
      return close(server);
    },
  });
}

async function handleRequest(
  context: SandboxContext,
  controls: SandboxControls,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  // Clients compare `Date` with `created_at`, so both come from the clock of the sandbox.
  response.setHeader("Date", context.now().toUTCString());
  const refusal = describeCrossOriginRefusal(request.headers);
  if (refusal !== undefined) {
    sendJson(response, 403, { errors: [`the sandbox refuses this request: ${refusal}`] });
    return;
  }
  const url = new URL(request.url ?? "/", `http://${HOST}`);
  if (url.pathname.startsWith(`${ISSUER_PATH}/`)) {
    await serveIssuer(context.issuer, request, response, url);
  } else if (url.pathname.startsWith(CONTROL_PREFIX)) {
    await serveControl(controls, request, response, url.pathname);
  } else {
    await serveApi(context, request, response, url, closing);
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
    // Ignore the error: the only possible one is that the server is not running.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
