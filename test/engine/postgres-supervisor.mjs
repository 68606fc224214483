// Runs a server until standard input closes; then stops it and removes its folder. Standard input closes when the test process exits for any reason, so even a killed test run leaves neither a server nor files.
// Usage: node postgres-supervisor.mjs <JSON of { folder, command, args, env, uid, gid }>
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";

const { folder, command, args, env, uid, gid } = JSON.parse(process.argv[2] ?? "{}");
const server = spawn(command, args, { cwd: folder, env, uid, gid, stdio: ["ignore", "ignore", "inherit"] });
const stopServer = () => server.kill("SIGINT");

process.stdin.on("close", stopServer).resume();
// Ctrl-C in a terminal reaches all its processes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stopServer);
server.on("error", (error) => console.error(error.message));
server.on("close", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
