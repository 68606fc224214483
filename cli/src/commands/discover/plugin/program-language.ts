import type { ResourceGroup } from "./resources.js";

/** How a program for the plugin is written in a language. All strings from outside are literals. */
export interface ProgramLanguage {
  /** What begins a comment that ends with the line. */
  comment: string;
  /** Formats the program as lines. */
  formatProgram: (groups: readonly ResourceGroup[]) => string[];
}
