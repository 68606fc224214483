const LINE_LENGTH = 140;

/** Formats recorded JSON: one line for each element of a list, such as a resource, and for each short value. */
export function formatRecordedJson(value: unknown, indent = ""): string {
  const line = JSON.stringify(value);
  if (typeof value !== "object" || value === null || line.length <= LINE_LENGTH) return line;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((element) => `${inner}${JSON.stringify(element)}`)
    : Object.entries(value).map(
        ([key, entry]) => `${inner}${JSON.stringify(key)}: ${formatRecordedJson(entry, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}
