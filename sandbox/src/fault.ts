import type { RouteName } from "datadog-org-connections-core/api/routes.js";

/** Which requests a fault is for; what is left out matches all. */
export interface FaultTarget {
  route?: RouteName | undefined;
  /** The key of the calling organization. */
  organization?: string | undefined;
  /** The sink in the body of a create, in the filter of a list, or of the connection in the path. */
  sinkOrgId?: string | undefined;
  connectionId?: string | undefined;
}

/**
 * What happens instead of the answer, or to it.
 *
 * - `status`: that status; a text body goes out as it is, any other as JSON, none as the status's own text.
 * - `reset`: the socket is reset. `hang`: nothing is sent until the client gives up, at most 120 s.
 * - `truncate`: half of the answer under a full `Content-Length`, then the socket is closed.
 * - `cut-off`: half of the answer as if it were all of it: the response is complete, and its JSON is not.
 * - `wrong-status`: the answer under another status.
 * - `html`: a gateway's page (default 502). `redirect`: default 302. `json`: JSON of another shape (default 200).
 * - `huge`: JSON of that many bytes, no faster than the client reads, until it goes away.
 * - `drip`: the answer, slowly. `delay`: a wait, then the answer.
 * - `short-page`: a list lacks its last `drop` rows, its totals count them; other answers stay as they are.
 */
export type FaultAction =
  | { kind: "status"; status: number; body?: unknown; headers?: Record<string, string> | undefined }
  | { kind: "reset" }
  | { kind: "hang" }
  | { kind: "truncate" }
  | { kind: "cut-off" }
  | { kind: "wrong-status"; status: number }
  | { kind: "html"; status?: number | undefined }
  | { kind: "redirect"; location: string; status?: number | undefined }
  | { kind: "json"; body: unknown; status?: number | undefined }
  | { kind: "huge"; bytes: number }
  | { kind: "drip"; bytesPerSecond: number }
  | { kind: "delay"; ms: number }
  | { kind: "short-page"; drop: number };

/** A failure on purpose. */
export interface Fault {
  on?: FaultTarget | undefined;
  /** How many matching requests pass first. Default 0. */
  skip?: number | undefined;
  /** How many requests it then meets. Default 1; `Infinity` for all. */
  times?: number | undefined;
  /** `before`: the request changes nothing. `after`: it has done its work, and only the answer suffers. */
  moment: "before" | "after";
  what: FaultAction;
}

/** A fault that was armed. */
export interface ArmedFault {
  /** How many requests it has met. */
  readonly fired: number;
  /** It meets no more. */
  disarm(): void;
  /** Ends its `delay` and its `hang` of the requests that it has met: they go on now. */
  release(): void;
}

/** What a request tells of itself to the faults and the log. */
export interface RequestSubject {
  route: RouteName | undefined;
  organization: string | undefined;
  sinkOrgId: string | undefined;
  connectionId: string | undefined;
}
