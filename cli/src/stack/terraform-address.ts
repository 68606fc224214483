/** Formats the key of an instance as Terraform does in an address: `[0]`, `["hub"]`, or nothing if there is no key. */
export function formatKey(key: string | number | undefined): string {
  if (key === undefined) return "";
  if (typeof key === "number") return `[${key}]`;
  // In a quoted string of Terraform, `${` and `%{` begin a template.
  return `[${JSON.stringify(key).replace(/([$%])\{/g, "$1$1{")}]`;
}

/** Removes the keys of `count` and `for_each` from an address. An address in the configuration does not have any. */
export const removeInstanceKeys = (address: string): string =>
  address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
