import type { ResourceGroup } from "./resources.js";

/** How a program for the plugin is written in a language. Untrusted strings appear only in literals and in comments of one line. */
export interface ProgramLanguage {
  /** The characters that start a line comment. */
  comment: string;
  /** Formats the program as lines. */
  formatProgram: (groups: readonly ResourceGroup[]) => string[];
}
