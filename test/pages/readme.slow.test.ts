/** Runs the sections of README.md that follow the trial, with the keys of an organization, as a user does. */
import { expect, test } from "vitest";
import { useEngine } from "../engine/stack.js";
import { splitCommands } from "./commands.js";
import { fillIn } from "./fill-in.js";
import { usePage } from "./page.js";
import { useShells } from "./shell.js";

const page = usePage(
  "README.md",
  "Your own keys and first connection",
  "Adopt what exists",
  "Review in pull requests, audit every night",
);
const { createShellInClone } = useShells();
/** In place of Datadog. */
const engine = useEngine();

test("with other keys, the program creates its connection, adopts another one, and is reviewed", async () => {
  const shell = createShellInClone();
  const [setUp = "", , openFolder = ""] = splitCommands(page.takeBlocks("Try it", "sh")[0] ?? "");
  await shell.run(`${setUp}\n${openFolder}`);

  await shell.run(fillIn(page.takeBlock("Your own keys and first connection", "sh"), engine.sandbox));
  expect(engine.listLive()).toEqual(["payments → observability: logs, metrics"]);

  engine.sandbox.connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
  engine.sandbox.clearRequests();
  const before = engine.sandbox.listConnections();
  await shell.run(page.takeBlock("Adopt what exists", "sh"));
  expect(engine.sandbox.listConnections()).toEqual(before);
  expect(engine.sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);

  const review = page.takeBlock("Review in pull requests, audit every night", "sh");
  await shell.run(review);
  engine.sandbox.connect({ source: "payments", sink: "checkout", connectionTypes: ["logs"] });
  const [, , inventory = ""] = splitCommands(review);
  const unmanaged = await shell.run(inventory, { codes: [6] });
  expect(unmanaged.output).toMatch(/Acme Payments +Acme Checkout +logs .* none /);
}, 300_000);
