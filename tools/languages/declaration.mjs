/**
 * One connection of a program.
 * @typedef {object} Declared
 * @property {string} name
 * @property {string} source the key of the source organization, which is the name of its provider too
 * @property {string} destination the name of the destination organization, from which the program finds its UUID
 * @property {string[]} types
 * @property {boolean} [adopt]
 */

/**
 * A program in some language: one explicit provider for each source organization, with secret keys from the
 * configuration of the stack, and connections.
 * @typedef {object} Program
 * @property {string[]} sources
 * @property {Declared[]} connections
 * @property {string} url of the API
 * @property {string} plugin the folder of the plugin's package
 */

/**
 * A language of programs.
 * @typedef {object} Language
 * @property {string} title
 * @property {(folder: string) => Promise<Record<string, string>>} prepare installs what a program needs into its
 *   empty folder. Returns variables for the CLI
 * @property {(folder: string, program: Program) => void} write writes the files of a program into its folder
 */

export const projectName = "languages";
export const packageName = "datadog-org-connections";

/** The names in the configuration of the stack that hold the keys of an organization. @param {string} source */
export const getKeyNames = (source) => ({ apiKey: `${source}ApiKey`, appKey: `${source}AppKey` });

/**
 * Formats a project file, as JSON, which is YAML too.
 * @param {string} plugin the folder of the plugin's package
 * @param {object} rest
 */
export const formatProject = (plugin, rest) =>
  `${JSON.stringify({ name: projectName, plugins: { providers: [{ name: packageName, path: plugin }] }, ...rest }, null, 2)}\n`;
