import { expect, test, vi } from "vitest";
import { parseNotices } from "../../../core/src/connection/notices.js";
import { createProcessContext } from "../../../provider/src/host/process-context.js";
import { createSingleHost } from "../../../provider/src/host/single-host.js";
import { useSandbox } from "../../sandbox/harness.js";

const sandbox = useSandbox();

test("the host prints once that an organization does not respond, so that nothing was checked", async () => {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  for (const [name, value] of Object.entries({
    DD_HOST: sandbox().url,
    DD_API_KEY: apiKey,
    DD_APP_KEY: appKey,
  }))
    vi.stubEnv(name, value);
  // Exceeds the time limit of a call, so that the client does not wait.
  const what = { kind: "status", status: 503, headers: { "Retry-After": "3600" } } as const;
  sandbox().fail({ times: Infinity, moment: "before", what });
  const print = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const host = createSingleHost(createProcessContext());
  for (const sink of ["observability", "security"]) {
    const inputs = { sinkOrgId: sandbox().getOrganization(sink).id, connectionTypes: ["logs"] };
    expect((await host.check({}, inputs)).failures).toEqual([]);
  }
  const printed = print.mock.calls.map(([text]) => String(text));
  print.mockRestore();
  expect(printed).toEqual([
    expect.stringMatching(/^not checked: the connections of the default organization\. .*\n$/),
  ]);
  expect(parseNotices(printed.join("")).notices).toMatchObject([
    { kind: "not-checked", code: "server-error" },
  ]);
});
