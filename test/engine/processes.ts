import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process as /proc tells of it. */
interface Process {
  pid: number;
  parent: number;
  group: number;
  command: string[];
  /** Processor time used so far, in ticks. */
  ticks: number;
}

/** How long a condition may take to come true on a busy machine, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Waits until something is there, and returns it. Fails when it never comes. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`it never happened: ${what}`);
    await sleep(20);
  }
}

/** A process and all that descend from it, itself first. */
export function familyOf(pid: number): Process[] {
  const all = processes();
  const family = all.filter((process) => process.pid === pid);
  for (const { pid: parent } of family) family.push(...all.filter((process) => process.parent === parent));
  return family;
}

/** The Node process that holds this package's host, among the descendants of a CLI. */
export function providerOf(cli: number): Process | undefined {
  return familyOf(cli).find(
    ({ command }) =>
      /(^|\/)node$/.test(command[0] ?? "") && command.some((arg) => arg.includes("dynamic-provider")),
  );
}

/** Ctrl-C: what a terminal sends to the CLI and to all that share its process group. */
export function pressInterrupt(cli: number): void {
  const family = familyOf(cli);
  for (const { pid, group } of family) if (group === family[0]?.group) signal(pid, "SIGINT");
}

/** Sends a signal; a process that has gone already is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  // To the system, 0 and less are whole groups of processes, this one among them.
  if (pid <= 0) throw new Error(`no process to send ${name} to`);
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Ends processes that a killed engine left behind, if they are still the ones they were. */
export function endAll(left: readonly Process[]): void {
  const now = new Map(processes().map((process) => [process.pid, process.command.join(" ")]));
  for (const { pid, command } of left) {
    if (command.length > 0 && now.get(pid) === command.join(" ")) signal(pid, "SIGKILL");
  }
}

/** Whether a process is there and has not ended. */
export const isRunning = (pid: number): boolean => processes().some((process) => process.pid === pid);

/** Waits until a process does nothing more: it has gone, or used no processor time over so many seconds of looks. */
export async function untilIdle(pid: number, seconds = 1): Promise<void> {
  let ticks = -1;
  let quiet = 0;
  await until(`process ${pid} comes to rest`, () => {
    const now = processes().find((process) => process.pid === pid)?.ticks;
    quiet = now === ticks ? quiet + 1 : 0;
    ticks = now ?? -1;
    return now === undefined || quiet >= seconds * 50;
  });
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        // After the name, which may hold blanks and brackets: state, parent, group, …, user and system time.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").filter(Boolean);
        const [parent, group] = [Number(fields[1]), Number(fields[2])];
        // A process that has ended and waits for its parent is gone.
        if (fields[0] === "Z") return [];
        return [
          { pid: Number(name), parent, group, command, ticks: Number(fields[11]) + Number(fields[12]) },
        ];
      } catch {
        return []; // gone between the two looks
      }
    });
}
