import path from "node:path";
import type { Page } from "playwright-core";
import { ROOT } from "../../../tree.js";
import { getCenter } from "./use-pages.js";

/** The encoder for browsers, as one file: a browser decodes the screenshots. */
const ENCODER = path.join(ROOT, "node_modules/modern-gif/dist/index.js");
const STEPS_OF_MOVE = 6;
const MILLISECONDS_OF_STEP = 70;

interface Frame {
  /** A screenshot in PNG, in base64. */
  png: string;
  milliseconds: number;
}

/** Records the frames of a moving picture of a page, with a pointer, which screenshots do not show. */
export class MovingPicture {
  private readonly frames: Frame[] = [];
  private position = { x: 0, y: 0 };

  constructor(private readonly page: Page) {}

  /** Adds the page as it is now. */
  async show(milliseconds: number): Promise<void> {
    const png = (await this.page.screenshot()).toString("base64");
    this.frames.push({ png, milliseconds });
  }

  /** Moves the pointer to an element and clicks it. */
  async click(selector: string): Promise<void> {
    await this.page.evaluate(POINTER);
    const { position } = this;
    const target = await getCenter(this.page, selector);
    for (let step = 1; step <= STEPS_OF_MOVE; step++) {
      const part = step / STEPS_OF_MOVE;
      this.position = {
        x: position.x + (target.x - position.x) * part,
        y: position.y + (target.y - position.y) * part,
      };
      await this.page.evaluate(`movePointer(${this.position.x}, ${this.position.y})`);
      await this.show(MILLISECONDS_OF_STEP);
    }
    await this.page.mouse.click(target.x, target.y);
  }

  /** Types a text. */
  async type(text: string): Promise<void> {
    for (const letter of text) {
      await this.page.keyboard.type(letter);
      await this.show(110);
    }
  }

  /** Encodes the frames as a GIF that repeats, in an empty page. */
  async encode(empty: Page): Promise<Buffer> {
    await empty.addScriptTag({ path: ENCODER });
    const base64 = await empty.evaluate<string>(`(${ENCODE})(${JSON.stringify(this.frames)})`);
    return Buffer.from(base64, "base64");
  }
}

/** Adds a pointer to the page. Its elements have no style attribute, because the page forbids them. */
const POINTER = `if (!globalThis.movePointer) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", "M1 1v17l4-4 3 7 3-1-3-7h6z");
  shape.setAttribute("fill", "#111");
  shape.setAttribute("stroke", "#fff");
  svg.append(shape);
  Object.assign(svg.style, { position: "fixed", left: "0", top: "0", width: "24px", height: "24px", zIndex: 9, pointerEvents: "none" });
  document.body.append(svg);
  globalThis.movePointer = (x, y) => Object.assign(svg.style, { left: x + "px", top: y + "px" });
}`;

const ENCODE = `async (frames) => {
  const pictures = [];
  for (const { png, milliseconds } of frames) {
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    pictures.push({ data, delay: milliseconds, width: bitmap.width, height: bitmap.height });
  }
  const [{ width, height }] = pictures;
  const gif = await modernGif.encode({ width, height, frames: pictures, maxColors: 255 });
  let text = "";
  for (const byte of new Uint8Array(gif)) text += String.fromCharCode(byte);
  return btoa(text);
}`;
