import type { RateLimit } from "./rate-limit.js";
import type { RequestLimiter } from "./request-limiter.js";
import type { RouteName } from "./routes.js";

/**
 * The limiters of one organization. All calls share one, until `X-RateLimit-Name` in the responses shows that `GET /api/v2/org` has another
 * rate limit than the calls for connections (https://docs.datadoghq.com/api/latest/rate-limits/). Then it has a limiter of its own:
 * it only shows whose credentials these are, which a list often does too, so its limit must not delay the other calls. As long as the
 * name of the other limit is unknown, both may be the same, which costs a few more 429s.
 */
export class RequestLimiters {
  private own: RequestLimiter | undefined;
  /** The name of the rate limit of `GET /api/v2/org`, and of the last other call. Unknown until a response contains it. */
  private ownName: string | undefined;
  private sharedName: string | undefined;

  constructor(
    private readonly shared: RequestLimiter,
    private readonly createLimiter: () => RequestLimiter,
  ) {}

  /** Returns the limiter of a call. */
  getLimiter(route: RouteName): RequestLimiter {
    const hasOwn =
      route === "listOrganizations" && this.ownName !== undefined && this.ownName !== this.sharedName;
    return hasOwn ? (this.own ??= this.createLimiter()) : this.shared;
  }

  /** Updates the rate limit of a call from its response. */
  recordResponse(route: RouteName, status: number, rateLimit: RateLimit): void {
    if (route === "listOrganizations") this.ownName = rateLimit.name ?? this.ownName;
    else this.sharedName = rateLimit.name ?? this.sharedName;
    this.getLimiter(route).recordResponse(status, rateLimit);
  }
}
