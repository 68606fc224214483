import { ROOT } from "../../../tree.js";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type LaunchOptions } from "playwright-core";

/** The names of Chromium on PATH. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** The package that contains a Chromium. */
const PACKAGE = path.join(ROOT, "node_modules/@sparticuz/chromium");
const PLACES = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/**
 * Starts a real headless browser: the one in the variable CHROMIUM, then one on PATH, then the one in an npm package (for
 * Linux, with its libraries and a font), so that a machine needs only Node.js.
 */
export async function startBrowser(): Promise<Browser> {
  const own = process.env["CHROMIUM"] ?? findOnPath();
  if (own !== undefined) return chromium.launch({ executablePath: own, args: ["--no-sandbox"] });
  if (process.platform !== "linux") {
    throw new Error("There is no Chromium on PATH. Install one, or set the variable CHROMIUM.");
  }
  return startPackaged();
}

function findOnPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return [...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))), ...PLACES].find(
    (file) => existsSync(file),
  );
}

/** The folder of the unpacked browser, which Git ignores. It is unpacked once for each clone. */
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
  // Once it crashed at its start, while another one filled the new font cache.
  return chromium.launch(options).catch(() => chromium.launch(options));
}

/** Unpacks the browser into a temporary folder and renames it when it is complete, so that a partial one is never used. */
async function unpack(folder: string): Promise<void> {
  mkdirSync(UNPACKED, { recursive: true });
  const temporary = mkdtempSync(`${folder}-`);
  // With the variables of its usual environment, it unpacks its libraries too.
  const env = { ...process.env, TMPDIR: temporary, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" };
  const code = `import("@sparticuz/chromium").then(({ default: packaged }) => packaged.executablePath())`;
  await promisify(execFile)(process.execPath, ["-e", code], { cwd: import.meta.dirname, env });
  // Without fonts it crashes at the first letter. Its own settings have folders of another machine.
  writeFileSync(
    path.join(temporary, "fonts.conf"),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`,
  );
  try {
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another test was faster.
    if (!existsSync(folder)) throw error;
  }
}
