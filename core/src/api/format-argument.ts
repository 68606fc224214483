/** Formats an argument of a command for a POSIX shell, in single quotes. */
export const formatArgument = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
