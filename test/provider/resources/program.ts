/** One run of a program with Pulumi's SDK, without an engine: what it registers, and what it fails with. */
import { setTimeout as sleep } from "node:timers/promises";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import resource_pb from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { specialSigKey, specialSecretSig, unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { afterAll, beforeAll, vi } from "vitest";

interface Registration {
  name: string;
  inputs: Record<string, unknown>;
}

export interface Run {
  registered: Registration[];
  /** What was thrown, or else what was rejected: in Pulumi either ends the program. Each once, as Pulumi reports it. */
  errors: unknown[];
}

/** Long enough for anything that ends. */
const TURNS = 2000;

/** Replaces what a test runner does about rejections by what Pulumi's language host does: they end the program. */
export function useProgram(): (program: () => unknown) => Promise<Run> {
  let errors = new Set<unknown>();
  let registered: Registration[] = [];
  const note = (error: unknown) => void errors.add(error);
  const before = process.listeners("unhandledRejection");
  beforeAll(() => {
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
    const spy = vi.spyOn(MockMonitor.prototype, "registerResource");
    const register = spy.getMockImplementation();
    spy.mockImplementation(async function (this: MockMonitor, request: RegisterResourceRequest, callback) {
      // As the engine gets it.
      const sent = resource_pb.RegisterResourceRequest.deserializeBinary(request.serializeBinary());
      registered.push({ name: sent.getName(), inputs: sent.getObject()?.toJavaScript() ?? {} });
      await register?.call(this, request, callback);
    });
  });
  afterAll(async () => {
    // What was rejected in the last turn is reported after it.
    await sleep(10);
    vi.restoreAllMocks();
    process.removeAllListeners("unhandledRejection");
    for (const listener of before) process.on("unhandledRejection", listener);
  });

  return async (program) => {
    [errors, registered] = [new Set(), []];
    // A monitor of its own is a run of its own.
    await setMocks(
      {
        newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
        call: () => ({}),
      },
      "acme",
      "dev",
    );
    try {
      await program();
    } catch (error) {
      note(error);
    }
    for (let turn = 0; turn < TURNS && errors.size + registered.length === 0; turn++) await sleep(1);
    // What comes of it besides.
    await sleep(2);
    return { registered, errors: [...errors] };
  };
}

/** What was sent, without the marks of secrets. */
export function unsecret(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unsecret);
  const fields = value as Record<string, unknown>;
  if (fields[specialSigKey] === specialSecretSig) return unsecret(fields["value"]);
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, unsecret(field)]));
}

/** Whether something that was sent is not known yet. */
export const isUnknown = (value: unknown): boolean => JSON.stringify(value ?? null).includes(unknownValue);
