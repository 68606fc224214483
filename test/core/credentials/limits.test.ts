import { describe, expect, it } from "vitest";
import { callLimits } from "../../../core/src/credentials/limits.js";

const limits = (values: Record<string, string>) => callLimits((key) => values[key]);

describe("limits of calls", () => {
  it("have defaults", () => {
    expect(limits({})).toEqual({
      tries: 6,
      requestTimeoutSeconds: 30,
      callTimeoutSeconds: 120,
      maxInFlight: 32,
    });
  });

  it("are taken from the stack's configuration", () => {
    expect(
      limits({
        "datadog-org-connections:tries": "2",
        "datadog-org-connections:requestTimeoutSeconds": "5",
        "datadog-org-connections:callTimeoutSeconds": "10",
        "datadog-org-connections:maxInFlight": "1",
      }),
    ).toEqual({ tries: 2, requestTimeoutSeconds: 5, callTimeoutSeconds: 10, maxInFlight: 1 });
  });

  it.each(["0", "-1", "1.5", "many", "", "101"])(
    "refuse %j as a number of tries, and say what fits",
    (tries) => {
      expect(() => limits({ "datadog-org-connections:tries": tries })).toThrow(
        "`datadog-org-connections:tries` must be a whole number from 1 to 100. [invalid-configuration]",
      );
    },
  );
});
