import { createServer, type AddressInfo } from "node:net";

/** Finds a port for the sandbox: the one on the pages may be in use on this machine. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
