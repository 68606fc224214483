/**
 * Creates the panel with details of one organization, or of the connections of one line. Names are untrusted, so they
 * are set as text only.
 *
 * @param {HTMLElement} panel
 * @param {ReturnType<typeof createModel>} model
 */
function createDetails(panel, model) {
  /** The maximum count of connections in the panel. The table below the map has all of them. */
  const MAX_ITEMS = 40;

  /**
   * @param {string} tag
   * @param {{ className?: string, text?: string }} [options]
   * @param {...Node} children
   */
  function createElement(tag, { className, text } = {}, ...children) {
    const node = document.createElement(tag);
    if (className !== undefined) node.className = className;
    if (text !== undefined) node.textContent = text;
    node.append(...children);
    return node;
  }

  /** @param {number} organization */
  function createName(organization) {
    const { name: text = "" } = model.organizations[organization] ?? {};
    return createElement("bdi", { text });
  }

  /** @param {string[]} types */
  function createChips(types) {
    const labels = types.length === 0 ? ["types chosen by Datadog"] : types;
    return labels.map((text) => {
      const className = ["logs", "metrics", "audit"].includes(text) ? text : "other";
      return createElement("span", { className: `chip ${className}`, text });
    });
  }

  /** @param {Connection} one */
  function createFacts({ declaredTypes, createdAt, createdBy, managedBy = [] }) {
    const age = formatAge(createdAt);
    const creation = [
      age === "" ? "" : `created ${age} (${String(createdAt).slice(0, 10)})`,
      createdBy ? `by ${createdBy}` : "",
    ];
    const by = managedBy.length > 0 ? `managed by ${managedBy.join(", ")}` : "unmanaged";
    const isManagementKnown = managedBy.length > 0 || model.stacksKnown;
    const lines = [createElement("span", { className: "fact", text: creation.filter(Boolean).join(" ") })];
    if (isManagementKnown)
      lines.push(createElement("span", { className: managedBy.length > 0 ? "fact" : "fact warn", text: by }));
    if (declaredTypes) {
      const text = `drifted from ${declaredTypes.join(", ")}`;
      lines.push(createElement("span", { className: "fact warn", text }));
    }
    return lines;
  }

  /**
   * @param {string} heading
   * @param {number[]} connectionIndexes
   * @param {(one: { source: number, sink: number }) => Node[]} createWho
   */
  function createList(heading, connectionIndexes, createWho) {
    if (connectionIndexes.length === 0) return [];
    const items = connectionIndexes.slice(0, MAX_ITEMS).flatMap((index) => {
      const connection = model.connections[index];
      if (!connection) return [];
      return [
        createElement(
          "li",
          {},
          createElement("p", { className: "who" }, ...createWho(connection)),
          createElement("p", {}, ...createChips(connection.types)),
          ...createFacts(connection),
        ),
      ];
    });
    const more = connectionIndexes.length - items.length;
    const rest =
      more > 0
        ? [createElement("p", { className: "fact", text: `and ${more} more, in the list below the map` })]
        : [];
    return [
      createElement("h3", { text: `${heading} (${connectionIndexes.length})` }),
      createElement("ul", {}, ...items),
      ...rest,
    ];
  }

  /** @param {...Node} content */
  function show(...content) {
    panel.replaceChildren(...content);
    panel.hidden = content.length === 0;
    panel.scrollTop = 0;
  }

  return {
    /** @param {number} organization */
    showOrganization(organization) {
      const { id = "" } = model.organizations[organization] ?? {};
      show(
        createElement("h2", {}, createName(organization)),
        createElement("p", { className: "uuid", text: id }),
        ...createList("Shares with", model.getOutgoing(organization), ({ sink }) => [createName(sink)]),
        ...createList("Receives from", model.getIncoming(organization), ({ source }) => [createName(source)]),
      );
    },
    /** @param {number} link */
    showLink(link) {
      const connectionIndexes = model.links[link] ?? [];
      const [first = 0] = connectionIndexes;
      show(
        createElement("h2", {
          text: connectionIndexes.length === 1 ? "Connection" : `${connectionIndexes.length} connections`,
        }),
        createElement("p", {}, ...createChips(model.connections[first]?.types ?? [])),
        ...createList("Who shares with whom", connectionIndexes, ({ source, sink }) => [
          createName(source),
          document.createTextNode(" with "),
          createName(sink),
        ]),
      );
    },
    clear: () => show(),
  };
}
