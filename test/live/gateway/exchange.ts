/** One request of a live run and its response, as the gateway forwarded them. It contains credentials: never print it. */
export interface Exchange {
  method: string;
  /** With the query. */
  path: string;
  /** By name in lower case. */
  requestHeaders: Readonly<Record<string, string>>;
  requestBody: string;
  status: number;
  /** By name in lower case. */
  responseHeaders: Readonly<Record<string, string>>;
  /** Decompressed. */
  responseBody: string;
}
