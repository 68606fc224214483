import { ROOT } from "../../../tree.js";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type LaunchOptions } from "playwright-core";

/** Where Chromium is called what. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** Of the package that carries it. */
const PACKAGE = path.join(ROOT, "node_modules/@sparticuz/chromium");
const PLACES = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/**
 * Starts a real browser without a window: the one that the variable CHROMIUM names, else one on PATH, else the one that
 * an npm package carries (for Linux, with what it needs of libraries and a font), so that a machine with only Node has one.
 */
export async function startBrowser(): Promise<Browser> {
  const own = process.env["CHROMIUM"] ?? onPath();
  if (own !== undefined) return chromium.launch({ executablePath: own, args: ["--no-sandbox"] });
  if (process.platform !== "linux") {
    throw new Error("There is no Chromium on PATH. Install one, or name one in the variable CHROMIUM.");
  }
  return startPackaged();
}

function onPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return [...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))), ...PLACES].find(
    (file) => existsSync(file),
  );
}

/** Where the packaged browser is unpacked to: once a clone, in a folder that Git ignores. */
const UNPACKED = path.join(ROOT, ".local/chromium");

async function startPackaged(): Promise<Browser> {
  const { version } = JSON.parse(readFileSync(path.join(PACKAGE, "package.json"), "utf8")) as {
    version: string;
  };
  const folder = path.join(UNPACKED, version);
  if (!existsSync(folder)) await unpack(folder);
  const options: LaunchOptions = {
    executablePath: path.join(folder, "chromium"),
    args: ["--no-sandbox", "--font-render-hinting=none"],
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: path.join(folder, "al2023/lib"),
      FONTCONFIG_FILE: path.join(folder, "fonts.conf"),
    },
  };
  // Seen once: it crashed at its start, while another one was filling the new cache of fonts.
  return chromium.launch(options).catch(() => chromium.launch(options));
}

/** The package unpacks into the folder for temporary files; renamed when it is whole, so that half of it is never used. */
async function unpack(folder: string): Promise<void> {
  mkdirSync(UNPACKED, { recursive: true });
  const temporary = mkdtempSync(`${folder}-`);
  // Said to be in its usual place, it brings its libraries too.
  const env = { ...process.env, TMPDIR: temporary, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" };
  const code = `import("@sparticuz/chromium").then(({ default: packaged }) => packaged.executablePath())`;
  await promisify(execFile)(process.execPath, ["-e", code], { cwd: import.meta.dirname, env });
  // Without any font it ends at the first letter; its own settings name folders of another machine.
  writeFileSync(
    path.join(temporary, "fonts.conf"),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`,
  );
  try {
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another test has been faster.
    if (!existsSync(folder)) throw error;
  }
}
