import { expect, test } from "vitest";
import { checkClock } from "../../../../cli/src/commands/doctor/host-checks.js";

const DATE = Date.UTC(2026, 0, 1);
const response = { status: 200, headers: { date: new Date(DATE).toUTCString() }, text: "" };

test.each([
  [500, "1 s"],
  [1900, "2 s"],
  [4500, "4 s"],
])("a response that arrives %i ms after its date shows a clock that is correct to within %s", (ms, words) => {
  const now = DATE + ms;
  expect(checkClock({ response, sentAt: now, receivedAt: now })).toMatchObject({
    verdict: "ok",
    found: expect.stringContaining(`correct to within ${words}`) as string,
  });
});
