import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";

/** Whether this machine can create a certificate. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** An https server with a self-signed certificate for this run. */
export function useSelfSignedServer() {
  let server: Server | undefined;
  let requests = 0;
  beforeAll(async () => {
    if (!hasOpenssl) return;
    server = createServer(createCertificate(), (_, response) => {
      requests++;
      response.end("{}");
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void server?.close());
  return {
    url: () => `https://127.0.0.1:${(server?.address() as AddressInfo).port}`,
    /** The count of requests after a successful handshake. */
    requests: () => requests,
  };
}

function createCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "self-signed-"));
  try {
    const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", cert], {
      stdio: "pipe",
    });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
