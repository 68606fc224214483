// Runs a server for as long as the standard input is open; then ends it, and removes its folder. The input closes with
// the process of the tests, however that ends: a run of tests that is killed leaves neither a server nor files.
// Usage: node postgres-keeper.mjs <JSON of { folder, command, args, env, uid, gid }>
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";

const { folder, command, args, env, uid, gid } = JSON.parse(process.argv[2] ?? "{}");
const server = spawn(command, args, { cwd: folder, env, uid, gid, stdio: ["ignore", "ignore", "inherit"] });
const end = () => server.kill("SIGINT");

process.stdin.on("close", end).resume();
// Ctrl-C in a terminal reaches all its processes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
server.on("error", (error) => console.error(error.message));
server.on("close", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
