import * as v from "valibot";
import { getMonitor } from "./resources/sdk.js";

/** The monitor that `pulumi.runtime.setMocks` sets. The monitor of an engine has no mocks. */
const mockMonitorSchema = v.object({
  mocks: v.object({ call: v.pipe(v.function(), v.args(v.tuple([v.unknown()])), v.returns(v.unknown())) }),
});

/** Returns the mocks of a unit test (`pulumi.runtime.setMocks`); undefined if an engine runs the program. */
export function getMocks(): v.InferOutput<typeof mockMonitorSchema>["mocks"] | undefined {
  const monitor: unknown = getMonitor();
  return v.is(mockMonitorSchema, monitor) ? monitor.mocks : undefined;
}
