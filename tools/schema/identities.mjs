/** @typedef {import("./read-declarations.mjs").Declaration} Declaration */

/**
 * Merges the types of identities to one with the options of all, because not every language has unions of objects.
 * @param {string} description
 * @param {readonly Declaration[]} identities
 * @returns {Declaration}
 */
export function mergeIdentities(description, identities) {
  const all = identities.map((identity) => {
    const members = new Map(identity.members);
    const type = members.get("type")?.type?.getText().replaceAll('"', "");
    return { type, members, description: identity.description };
  });
  const types = all.map((identity) => `- \`${identity.type}\`: ${identity.description}`);
  const members = new Map();
  for (const { type, members: own } of all) {
    for (const [name, member] of own)
      members.set(name, { ...member, description: `For the type \`${type}\`: ${member.description}` });
  }
  members.set("type", { ...members.get("type"), description: ["One of:", "", ...types].join("\n") });
  return { description, members: [...members] };
}
