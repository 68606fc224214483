const plainTextCredentials = "test/core/credentials/plain-text-credentials.test.ts";
const pluginConfiguration = "test/plugin/configuration.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const storedData = {
  "stored-plain-text": [
    {
      name: "plain-text credentials: an object that resembles a secret is a secret",
      file: "plain-text-credentials.ts",
      find: " && more.length === 0",
      replace: "",
      test: plainTextCredentials,
    },
    {
      name: "plain-text credentials: a key next to a secret is not found",
      file: "plain-text-credentials.ts",
      find: "value !== null && isPlainText(value) ? Object.entries(value) : [];",
      replace: "value !== null && !JSON.stringify(value).includes('secure') ? Object.entries(value) : [];",
      test: plainTextCredentials,
    },
    {
      name: "token: it is accepted in plain text",
      file: "credential-kinds.ts",
      find: "  ({ isStored }) => isStored,\n",
      replace: "  ({ isStored, canBeInQuery }) => isStored && canBeInQuery,\n",
      test: plainTextCredentials,
    },
  ],
  "stored-provider": [
    {
      name: "plugin: keys of a provider are plain text in the state",
      file: "service.ts",
      find: "markSecrets(request.getNews(), listCredentialArguments(args))",
      replace: "request.getNews()",
      test: pluginConfiguration,
    },
    {
      name: "plugin: keys in an object are plain text in the state",
      file: "values.ts",
      find: '.set("value", toText(value))',
      replace: '.set("value", value)',
      test: pluginConfiguration,
    },
  ],
  "stored-reports": [
    {
      name: "review: the e-mail addresses of creators are kept",
      file: "organization-directory.ts",
      find: "{ id, name, serviceAccount });",
      replace: "arguments[0] as Creator);",
      test: "test/cli/changes/compute-changes.test.ts",
    },
  ],
  "permissions-preview": [
    {
      name: "plugin: a preview of a set writes",
      file: "set.ts",
      find: "      if (preview) {\n        const state",
      replace: "      if (preview && context.ledger.hasStartedChanges) {\n        const state",
      cells: "set: create / no fault",
      host: "plugin",
    },
    {
      name: "plugin: a preview of a connection writes",
      file: "single.ts",
      find: "      if (preview) {\n",
      replace: "      if (preview && context.ledger.hasStartedChanges) {\n",
      cells: "create / no fault",
      host: "plugin",
    },
  ],
  "stored-token-command": [
    {
      name: "program: a token command gets the decrypted configuration",
      file: "program-call.ts",
      find: "env: { ...process.env, PULUMI_CONFIG: undefined }",
      replace: "env: process.env",
      test: "test/provider/functions/program-call.test.ts",
    },
  ],
};
