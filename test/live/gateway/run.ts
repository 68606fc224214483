import type { Access } from "./call-api.js";
import type { Journal } from "./journal.js";
import type { Gateway } from "./start-gateway.js";

/** A live run: its gateway, and the headers that authenticate the requests of each of its two organizations. */
export interface Run {
  gateway: Gateway;
  journal: Journal;
  sourceHeaders: Access["headers"];
  sinkHeaders: Access["headers"];
}
