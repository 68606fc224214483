/**
 * The panel that tells of one organization, or of the connections of one line. Names come from outside: they are only
 * ever set as text.
 *
 * @param {HTMLElement} panel
 * @param {ReturnType<typeof createModel>} model
 */
function createDetails(panel, model) {
  /** So many connections are told one by one; the table below the map has all. */
  const MOST = 40;

  /**
   * @param {string} tag
   * @param {{ className?: string, text?: string }} [options]
   * @param {...Node} children
   */
  function element(tag, { className, text } = {}, ...children) {
    const made = document.createElement(tag);
    if (className !== undefined) made.className = className;
    if (text !== undefined) made.textContent = text;
    made.append(...children);
    return made;
  }

  /** @param {number} place */
  function name(place) {
    const { name: text = "" } = model.organizations[place] ?? {};
    return element("bdi", { text });
  }

  /** @param {string[]} types */
  function chips(types) {
    const texts = types.length === 0 ? ["types chosen by Datadog"] : types;
    return texts.map((text) => {
      const look = ["logs", "metrics", "audit"].includes(text) ? text : "other";
      return element("span", { className: `chip ${look}`, text });
    });
  }

  /** @param {Connection} one */
  function facts({ createdAt, createdBy, managedBy = [] }) {
    const age = ageOf(createdAt);
    const made = [
      age === "" ? "" : `created ${age} (${String(createdAt).slice(0, 10)})`,
      createdBy ? `by ${createdBy}` : "",
    ];
    const by = managedBy.length > 0 ? `managed by ${managedBy.join(", ")}` : "managed by no stack";
    const known = managedBy.length > 0 || model.stacksKnown;
    const lines = [element("span", { className: "fact", text: made.filter(Boolean).join(" ") })];
    if (known)
      lines.push(element("span", { className: managedBy.length > 0 ? "fact" : "fact warn", text: by }));
    return lines;
  }

  /**
   * @param {string} heading
   * @param {number[]} places
   * @param {(one: { source: number, sink: number }) => Node[]} who
   */
  function list(heading, places, who) {
    if (places.length === 0) return [];
    const items = places.slice(0, MOST).flatMap((at) => {
      const one = model.connections[at];
      if (!one) return [];
      return [
        element(
          "li",
          {},
          element("p", { className: "who" }, ...who(one)),
          element("p", {}, ...chips(one.types)),
          ...facts(one),
        ),
      ];
    });
    const more = places.length - items.length;
    const rest =
      more > 0
        ? [element("p", { className: "fact", text: `and ${more} more, in the list below the map` })]
        : [];
    return [element("h3", { text: `${heading} (${places.length})` }), element("ul", {}, ...items), ...rest];
  }

  /** @param {...Node} content */
  function show(...content) {
    panel.replaceChildren(...content);
    panel.hidden = content.length === 0;
    panel.scrollTop = 0;
  }

  return {
    /** @param {number} place */
    organization(place) {
      const { id = "" } = model.organizations[place] ?? {};
      show(
        element("h2", {}, name(place)),
        element("p", { className: "uuid", text: id }),
        ...list("Shares with", model.outgoing(place), ({ sink }) => [name(sink)]),
        ...list("Receives from", model.incoming(place), ({ source }) => [name(source)]),
      );
    },
    /** @param {number} link */
    link(link) {
      const places = model.links[link] ?? [];
      const [first = 0] = places;
      show(
        element("h2", { text: places.length === 1 ? "Connection" : `${places.length} connections` }),
        element("p", {}, ...chips(model.connections[first]?.types ?? [])),
        ...list("Who shares with whom", places, ({ source, sink }) => [
          name(source),
          document.createTextNode(" with "),
          name(sink),
        ]),
      );
    },
    none: () => show(),
  };
}
