import * as v from "valibot";

const lowerCase = v.pipe(v.string(), v.toLowerCase());
const currentOrgSchema = v.object({ data: v.object({ id: lowerCase }) });

const callerSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    data: v.object({
      id: v.optional(lowerCase),
      relationships: v.optional(v.object({ current_org: v.optional(currentOrgSchema) })),
    }),
  }),
);

/** The call whose response has the UUID of the calling organization. */
export const CALLER_PATH = "/api/v2/org";

/**
 * Parses the UUID of the calling organization from the response to `GET /api/v2/org`. The response has it twice; one is enough.
 * Returns none if the body is another one.
 */
export function parseCallerIds(body: string): string[] {
  const parsed = v.safeParse(callerSchema, body);
  if (!parsed.success) return [];
  const { id, relationships } = parsed.output.data;
  return [id, relationships?.current_org?.data.id].filter((found) => found !== undefined);
}
