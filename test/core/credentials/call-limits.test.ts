import { describe, expect, it } from "vitest";
import { readCallLimits } from "../../../core/src/credentials/settings.js";

const readLimits = (values: Record<string, string>) => readCallLimits((key) => values[key]);

describe("limits of calls", () => {
  it("have defaults", () => {
    expect(readLimits({})).toEqual({
      maxAttempts: 6,
      requestTimeoutSeconds: 30,
      callTimeoutSeconds: 120,
      maxConcurrent: 32,
    });
  });

  it("are read from the stack's configuration", () => {
    expect(
      readLimits({
        "datadog-org-connections:maxAttempts": "2",
        "datadog-org-connections:requestTimeoutSeconds": "5",
        "datadog-org-connections:callTimeoutSeconds": "10",
        "datadog-org-connections:maxConcurrent": "1",
      }),
    ).toEqual({ maxAttempts: 2, requestTimeoutSeconds: 5, callTimeoutSeconds: 10, maxConcurrent: 1 });
  });

  it.each(["0", "-1", "1.5", "many", "", "101"])(
    "reject %j as maximum attempts, and report the valid range",
    (maxAttempts) => {
      expect(() => readLimits({ "datadog-org-connections:maxAttempts": maxAttempts })).toThrow(
        "`datadog-org-connections:maxAttempts` must be an integer from 1 to 100. [invalid-configuration]",
      );
    },
  );
});
