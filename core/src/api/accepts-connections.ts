import net from "node:net";

/** How long an address has to accept a connection, in milliseconds. */
const PATIENCE_MS = 5000;

/** Whether somebody accepts connections at an address. Nothing is sent there. */
export function acceptsConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: PATIENCE_MS });
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
