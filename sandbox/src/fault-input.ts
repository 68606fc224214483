import { routes } from "datadog-org-connections-core/api/routes.js";
import type { Fault, FaultAction } from "./fault.js";
import { SandboxInputError } from "./input-error.js";
import { isRecord } from "./json.js";
import type { Store } from "./store.js";

type Check = (value: unknown) => boolean;
type Fields = Record<string, { check: Check; form: string; optional?: boolean }>;

const wholeNumber: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const text = { check: (value: unknown) => typeof value === "string", form: "a text" };
const count = { check: wholeNumber, form: "a whole number" };
const status = {
  check: (value: unknown) => wholeNumber(value) && Number(value) >= 200 && Number(value) <= 599,
  form: "a status from 200 to 599",
};
const anything = { check: () => true, form: "anything" };
const headers = {
  check: (value: unknown) =>
    isRecord(value) && Object.values(value).every((item) => typeof item === "string"),
  form: "an object of texts",
};

const targetFields: Fields = {
  route: {
    check: (value) => typeof value === "string" && Object.hasOwn(routes, value),
    form: `one of ${Object.keys(routes).join(", ")}`,
    optional: true,
  },
  organization: { ...text, optional: true },
  sinkOrgId: { ...text, optional: true },
  connectionId: { ...text, optional: true },
};

const actionFields: Record<FaultAction["kind"], Fields> = {
  status: {
    status,
    body: { ...anything, optional: true },
    headers: { ...headers, optional: true },
  },
  reset: {},
  hang: {},
  truncate: {},
  "cut-off": {},
  "wrong-status": { status },
  html: { status: { ...status, optional: true } },
  redirect: { location: text, status: { ...status, optional: true } },
  json: { body: anything, status: { ...status, optional: true } },
  huge: { bytes: count },
  drip: {
    bytesPerSecond: {
      check: (value) => typeof value === "number" && value > 0 && value < Infinity,
      form: "a number above 0",
    },
  },
  delay: { ms: count },
  "short-page": { drop: count },
};

const faultFields: Fields = {
  on: { check: isRecord, form: "an object", optional: true },
  skip: { ...count, optional: true },
  times: {
    check: (value) => value === Infinity || wholeNumber(value),
    form: 'a whole number, or Infinity (over HTTP the text "Infinity")',
    optional: true,
  },
  moment: { check: (value) => value === "before" || value === "after", form: '"before" or "after"' },
  what: { check: isRecord, form: "an object" },
};

/**
 * A fault from whoever wrote it, over HTTP too. A misspelt one would never fire, and a test would pass for nothing:
 * so unknown fields, routes and organizations are errors.
 */
export function checkFault(value: unknown, store: Store): Fault {
  // JSON has no Infinity.
  const fault = isRecord(value) && value["times"] === "Infinity" ? { ...value, times: Infinity } : value;
  assertFault(fault);
  if (fault.on?.organization !== undefined) store.organization(fault.on.organization);
  return fault;
}

function assertFault(fault: unknown): asserts fault is Fault {
  const { on, what } = checkFields(fault, faultFields, "fault");
  if (on !== undefined) checkFields(on, targetFields, "fault.on");
  const { kind, ...rest } = isRecord(what) ? what : {};
  if (!isKind(kind)) {
    throw new SandboxInputError(`fault.what.kind must be one of ${Object.keys(actionFields).join(", ")}`);
  }
  checkFields(rest, actionFields[kind], `fault.what (${kind})`);
}

function isKind(kind: unknown): kind is FaultAction["kind"] {
  return typeof kind === "string" && Object.hasOwn(actionFields, kind);
}

function checkFields(value: unknown, fields: Fields, where: string): Record<string, unknown> {
  if (!isRecord(value)) throw new SandboxInputError(`${where} must be an object`);
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) throw new SandboxInputError(`${where} has no field "${unknown}"`);
  for (const [name, { check, form, optional }] of Object.entries(fields)) {
    if (value[name] === undefined && optional) continue;
    if (!check(value[name])) throw new SandboxInputError(`${where}: ${name} must be ${form}`);
  }
  return value;
}
