const identity = ["test/core/credentials/identity.test.ts"];
const address = ["test/core/credentials/identity-address.test.ts"];
const identifier = ["test/core/credentials/identity-identifier.test.ts"];
const settings = ["test/core/credentials/identity-settings.test.ts"];
const id = ["test/core/credentials/organization-id.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const identitySettings = [
  {
    name: "identity: one in the stack's configuration is proven to an address in it",
    file: "level-credentials.ts",
    find: "level.fromConfig && !isSet(level.identity);",
    replace: "level.fromConfig;",
    tests: address,
  },
  {
    name: "identity: together with other credentials, it wins silently",
    file: "resolve-authentication.ts",
    find: "  if (!one || !other) return;",
    replace: '  if (!one || !other || one.kind === "a workload identity") return;',
    tests: identity,
  },
  {
    name: "identity: a named organization inherits the keys and the token next to it",
    file: "level-credentials.ts",
    find: `    level && {
      ...level,
      apiKey: [level.apiKey[0], undefined],
      appKey: [level.appKey[0], undefined],
      bearerToken: [level.bearerToken[0], undefined],
    }`,
    replace: "    level",
    tests: identity,
  },
  {
    name: "identity: a named organization inherits any credentials",
    file: "level-credentials.ts",
    find: "sharesIdentity && isSet(identity));",
    replace: "sharesIdentity || isSet(identity));",
    tests: identity,
  },
  {
    name: "identity: a named organization inherits it without an id",
    file: "resolve.ts",
    find: "(hasId ? sharedIdentity : undefined)",
    replace: "sharedIdentity",
    tests: id,
  },
  {
    name: "identity: it wins over credentials of the organization",
    file: "resolve.ts",
    find: "levels.find(hasCredentials) ?? (hasId ? sharedIdentity : undefined)",
    replace: "(hasId ? sharedIdentity : undefined) ?? levels.find(hasCredentials)",
    tests: identity,
  },
  {
    name: "identity: of two different ids, the first one applies",
    file: "organization-id.ts",
    find: "  if (!other) return id;\n",
    replace: "  if (!other || id !== undefined) return id;\n",
    tests: id,
  },
  {
    name: "identity: the id of other tools applies to keys",
    file: "organization-id.ts",
    find: "usesIdentity || !isReadByOtherTools",
    replace: "usesIdentity || isReadByOtherTools || !isReadByOtherTools",
    tests: id,
  },
  {
    name: "identity: two organizations share a session",
    file: "format-identifier.ts",
    find: "JSON.stringify([baseUrl, kind, organizationId, identity,",
    replace: "JSON.stringify([baseUrl, kind, organizationId === undefined, identity,",
    tests: identifier,
  },
  {
    name: "identity: two names with tokens of their own share a session",
    file: "format-identifier.ts",
    find: "...(hasOwnProof ? [suffix] : [])",
    replace: '...(hasOwnProof && suffix === "" ? [suffix] : [])',
    tests: identifier,
  },
  {
    name: "identity: it is sent as a query parameter",
    file: "resolve-authentication.ts",
    find: '    if (keyLocation === "query") throw createQueryError("workload identity", identity, label);\n',
    replace: "",
    tests: identity,
  },
  {
    name: "identity: any text is a region, and so a part of a host name",
    file: "identity-schema.ts",
    find: "region: createSettingSchema(/^[a-z]{2}(-[a-z]+)+-\\d{1,2}$/,",
    replace: "region: createSettingSchema(/^[a-z]{2}(-[a-z]+)+-\\d{1,2}/,",
    tests: settings,
  },
  {
    name: "identity: an unknown option is ignored",
    file: "identity-schema.ts",
    find: "v.strictObject(oidc, UNKNOWN_SETTING)",
    replace: "v.object(oidc, UNKNOWN_SETTING)",
    tests: settings,
  },
  {
    name: "identity: a file and a variable are accepted together",
    file: "identity-schema.ts",
    find: "identity.tokenFile === undefined || identity.tokenVariable === undefined",
    replace: "identity.tokenFile === undefined || identity.tokenFile !== undefined",
    tests: settings,
  },
  {
    name: "identity: an organization with only an id is ignored",
    file: "list-sources.ts",
    find: "|ORG_UUID)",
    replace: ")",
    tests: ["test/core/credentials/list-sources.test.ts"],
  },
  {
    name: "identity: without an id, it is one of the default organization",
    file: "list-sources.ts",
    find: '(hasSetting("identity") && hasSetting("id"))',
    replace: 'hasSetting("identity")',
    tests: ["test/core/credentials/list-sources.test.ts"],
  },
  {
    name: "identity: the id in the environment is ignored for names of one organization",
    file: "organization-names.ts",
    find: "const id = configuredId ?? credentials?.organizationId;",
    replace: "const id = configuredId ?? (credentials && undefined);",
    tests: ["test/core/credentials/organization-names.test.ts"],
  },
];
