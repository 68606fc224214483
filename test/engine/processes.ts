import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process as /proc shows it. */
export interface Process {
  pid: number;
  parent: number;
  group: number;
  command: string[];
  /** Processor time used so far, in ticks. */
  ticks: number;
}

/** The timeout of a condition on a busy machine, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Waits until `probe` returns a value, and returns it. Throws after a timeout. */
export async function waitUntil<T>(what: string, probe: () => T | undefined | false): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`timed out waiting for: ${what}`);
    await sleep(20);
  }
}

/** Finds a process and all its descendants, itself first. */
export function findProcessTree(pid: number): Process[] {
  const all = listProcesses();
  const family = all.filter((process) => process.pid === pid);
  for (const { pid: parent } of family) family.push(...all.filter((process) => process.parent === parent));
  return family;
}

/** Finds the provider process among the descendants of a CLI. */
export function findProvider(cli: number): Process | undefined {
  return findProcessTree(cli).find(
    ({ command }) =>
      /(^|\/)node$/.test(command[0] ?? "") && command.some((arg) => arg.includes("dynamic-provider")),
  );
}

/** Sends Ctrl-C as a terminal does: to the CLI and all processes of its process group. */
export function sendInterrupt(cli: number): void {
  const family = findProcessTree(cli);
  for (const { pid, group } of family) if (group === family[0]?.group) sendSignal(pid, "SIGINT");
}

/** Sends a signal. Ignores a process that has already exited. */
export function sendSignal(pid: number, name: NodeJS.Signals): void {
  // 0 and negative numbers are process groups, including this process.
  if (pid <= 0) throw new Error(`no process to send ${name} to`);
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Kills processes that a killed engine left behind, unless their pids were reused. */
export function killAll(left: readonly Process[]): void {
  const now = new Map(listProcesses().map((process) => [process.pid, process.command.join(" ")]));
  for (const { pid, command } of left) {
    if (command.length > 0 && now.get(pid) === command.join(" ")) sendSignal(pid, "SIGKILL");
  }
}

/** Whether a process is running. */
export const isRunning = (pid: number): boolean => listProcesses().some((process) => process.pid === pid);

/** Waits until a process has exited, or has used no processor time for `seconds`. */
export async function waitUntilIdle(pid: number, seconds = 1): Promise<void> {
  let ticks = -1;
  let quiet = 0;
  await waitUntil(`process ${pid} to become idle`, () => {
    const now = listProcesses().find((process) => process.pid === pid)?.ticks;
    quiet = now === ticks ? quiet + 1 : 0;
    ticks = now ?? -1;
    return now === undefined || quiet >= seconds * 50;
  });
}

function listProcesses(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        // The fields after the name, which may contain spaces and parentheses: state, parent, group, …, user
        // and system time.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").filter(Boolean);
        const [parent, group] = [Number(fields[1]), Number(fields[2])];
        // A zombie process counts as exited.
        if (fields[0] === "Z") return [];
        return [
          { pid: Number(name), parent, group, command, ticks: Number(fields[11]) + Number(fields[12]) },
        ];
      } catch {
        return []; // exited between the two reads
      }
    });
}
