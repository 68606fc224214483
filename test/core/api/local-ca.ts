import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { isIP, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";

/** Whether this machine can create a certificate. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** A certificate for this run. `file` is for NODE_EXTRA_CA_CERTS. */
export interface LocalCertificate {
  key: string;
  cert: string;
  file: string;
  dispose(): void;
}

/** Creates a self-signed certificate for these host names and addresses. */
export function createCertificate(...names: string[]): LocalCertificate {
  const folder = mkdtempSync(path.join(tmpdir(), "local-ca-"));
  const [keyFile, file] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const alternatives = names.map((name) => `${isIP(name) === 0 ? "DNS" : "IP"}:${name}`).join(",");
  const subject = [
    "-subj",
    `/CN=${names[0] ?? ""}`,
    "-addext",
    `subjectAltName=${alternatives}`,
    "-days",
    "1",
  ];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", keyFile, "-out", file], {
    stdio: "pipe",
  });
  return {
    key: readFileSync(keyFile, "utf8"),
    cert: readFileSync(file, "utf8"),
    file,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An https server with a self-signed certificate for this run. */
export function useSelfSignedServer() {
  let server: Server | undefined;
  let requests = 0;
  beforeAll(async () => {
    if (!hasOpenssl) return;
    const certificate = createCertificate("127.0.0.1");
    certificate.dispose();
    const listening = createServer(certificate, (_, response) => {
      requests++;
      response.end("{}");
    });
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void server?.close());
  return {
    url: () => `https://127.0.0.1:${(server?.address() as AddressInfo).port}`,
    /** The count of requests after a successful handshake. */
    requests: () => requests,
  };
}
