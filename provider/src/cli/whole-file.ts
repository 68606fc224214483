import { existsSync } from "node:fs";
import { open, realpath, rename, rm, writeFile } from "node:fs/promises";

/** Throws when there is something of that name: what the user has is not lost. */
export function refuseExisting(file: string, called: string): void {
  if (existsSync(file)) throw exists(called);
}

/**
 * Writes a file wholly or not at all. What stood there before stays until the new text is on the disk, and is replaced
 * only with `over`.
 *
 * @param called - how messages name the file
 * @throws an error that says why it was not written
 */
export async function writeWhole(
  file: string,
  text: string,
  { called, over }: { called: string; over: boolean },
): Promise<void> {
  try {
    if (over) await replace(file, text);
    else await writeNew(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && !over) throw exists(called);
    throw new Error(`${called} was not written (${code ?? String(error)}).`, { cause: error });
  }
}

async function replace(file: string, text: string): Promise<void> {
  // A link stays a link: what it leads to is replaced.
  const target = await realpath(file).catch(() => file);
  const next = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(next, text, { flag: "wx" });
    await rename(next, target);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(text);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

const exists = (called: string): Error =>
  new Error(`${called} exists, and was left as it is. Name another file, or write over it with --force.`);
