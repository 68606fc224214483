/**
 * Starts the page: pointer, keyboard and search determine which parts are highlighted, described and centered.
 *
 * @param {Document} page
 */
function startPage(page) {
  /** @param {string} id @returns {any} */
  const findById = (id) => page.getElementById(id);
  const model = createModel(JSON.parse(findById("data").textContent));
  const view = createView({ view: findById("view"), scene: findById("scene"), drawing: findById("drawing") });
  const details = createDetails(findById("details"), model);
  const stage = findById("stage");
  const input = findById("find");
  /** @param {string} selector @returns {any[]} */
  const findAll = (selector) => [...page.querySelectorAll(selector)];
  const cards = findAll("[data-organization]");
  const cardByOrganization = new Map(cards.map((card) => [Number(card.dataset.organization), card]));
  const lines = findAll("#drawing [data-link]");
  const rows = findAll("tr[data-connection]");
  const filters = findAll("[data-filter]");

  /** @type {{ kind: "organization" | "link", index: number } | undefined} */
  let hovered;
  /** Whether the details are on the left, so that they do not cover the organization or line that they describe. */
  let isLeft = false;
  /** @type {{ kind: "organization" | "link", index: number } | undefined} */
  let selected;
  /** @type {number[]} */
  let results = [];
  let currentResult = 0;
  let filter = "";

  /** Returns the highlighted parts, by priority: under the pointer, selected, found, of the active filter. */
  function getHighlighted() {
    const target = hovered ?? selected;
    if (target?.kind === "link") return model.collectParts(model.links[target.index] ?? []);
    if (target) return collectOrganizationParts(target.index);
    if (input.value.trim() !== "") {
      const parts = collectOrganizationParts(results[currentResult] ?? -1);
      for (const organization of results) parts.organizations.add(organization);
      return parts;
    }
    if (filter === "") return undefined;
    const matching = model.connections.flatMap((connection, index) =>
      getClasses(connection).includes(filter) ? [index] : [],
    );
    return model.collectParts(matching);
  }

  /** @param {number} organization */
  function collectOrganizationParts(organization) {
    const parts = model.collectParts([
      ...model.getOutgoing(organization),
      ...model.getIncoming(organization),
    ]);
    parts.organizations.add(organization);
    return parts;
  }

  /** @param {Connection} one */
  function getClasses({ types, declaredTypes, managedBy = [] }) {
    const known = types.filter((/** @type {string} */ type) => ["logs", "metrics", "audit"].includes(type));
    const other = known.length < types.length || types.length === 0 ? ["other"] : [];
    const unmanaged = managedBy.length === 0 && model.stacksKnown ? ["unmanaged"] : [];
    return [...known, ...other, ...unmanaged, ...(declaredTypes ? ["drifted"] : [])];
  }

  function render() {
    const highlighted = getHighlighted();
    stage.classList.toggle("highlighting", highlighted !== undefined);
    for (const [organization, card] of cardByOrganization) {
      card.classList.toggle("highlighted", highlighted?.organizations.has(organization) ?? false);
      card.classList.toggle("found", results.includes(organization));
      card.classList.toggle("current", results.length > 0 && results[currentResult] === organization);
      card.setAttribute(
        "aria-pressed",
        String(selected?.kind === "organization" && selected.index === organization),
      );
    }
    for (const line of lines)
      line.classList.toggle("highlighted", highlighted?.links.has(Number(line.dataset.link)) ?? false);
    const target = hovered ?? selected;
    const first = results[currentResult];
    findById("details").classList.toggle("left", isLeft && target !== undefined);
    if (target?.kind === "organization") details.showOrganization(target.index);
    else if (target) details.showLink(target.index);
    else if (first !== undefined) details.showOrganization(first);
    else details.clear();
  }

  /** @param {number} organization */
  function center(organization) {
    const card = cardByOrganization.get(organization);
    // On a wide screen, the details are on the right.
    if (card) view.center(card, stage.clientWidth > 900 ? 360 : 0);
    isLeft = false;
  }

  function search() {
    results = model.find(input.value);
    currentResult = 0;
    selected = undefined;
    const isSearching = input.value.trim() !== "";
    for (const row of rows) {
      const { source = -1, sink = -1 } = model.connections[Number(row.dataset.connection)] ?? {};
      row.hidden = isSearching && !results.includes(source) && !results.includes(sink);
    }
    if (results.length > 0) center(results[0] ?? 0);
    announce(isSearching);
    render();
  }

  /** @param {boolean} isSearching */
  function announce(isSearching) {
    const name = model.organizations[results[currentResult] ?? -1]?.name ?? "";
    const which =
      results.length > 1
        ? ` ${currentResult + 1} of ${results.length}: ${name}. Press Enter for the next one.`
        : ` ${name}`;
    const text = results.length === 0 ? "No organization found." : `${results.length} found.${which}`;
    findById("found").textContent = isSearching ? text : "";
  }

  /** @param {number} step */
  function selectResult(step) {
    if (results.length === 0) return;
    currentResult = (currentResult + step + results.length) % results.length;
    center(results[currentResult] ?? 0);
    announce(true);
    render();
  }

  function clear() {
    input.value = "";
    filter = "";
    hovered = undefined;
    for (const button of filters) button.setAttribute("aria-pressed", "false");
    search();
  }

  /** @param {any} target */
  function findPart(target) {
    const card = target.closest?.("[data-organization]");
    if (card)
      return { kind: /** @type {const} */ ("organization"), index: Number(card.dataset.organization) };
    const line = target.closest?.("#drawing [data-link]");
    return line ? { kind: /** @type {const} */ ("link"), index: Number(line.dataset.link) } : undefined;
  }

  /** @param {Element} part */
  const moveDetailsAside = (part) => (isLeft = view.isRight(part));

  input.addEventListener("input", search);
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter") selectResult(event.shiftKey ? -1 : 1);
  });

  const map = findById("view");
  map.addEventListener("pointerover", (/** @type {PointerEvent} */ event) => {
    if (event.buttons !== 0) return;
    hovered = findPart(event.target);
    if (hovered) isLeft = event.clientX > stage.clientWidth / 2;
    render();
  });
  map.addEventListener("pointerleave", () => {
    hovered = undefined;
    render();
  });
  let down = { x: 0, y: 0 };
  map.addEventListener(
    "pointerdown",
    (/** @type {PointerEvent} */ event) => (down = { x: event.clientX, y: event.clientY }),
    { capture: true },
  );
  map.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    // The end of a drag is not a click.
    if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > 5) return;
    selected = findPart(event.target);
    isLeft = event.clientX > stage.clientWidth / 2;
    render();
  });
  map.addEventListener("focusin", (/** @type {FocusEvent} */ event) => {
    const target = findPart(event.target);
    if (target?.kind !== "organization") return;
    selected = target;
    const card = cardByOrganization.get(target.index);
    if (card && !view.isVisible(card)) center(target.index);
    else if (card) moveDetailsAside(card);
    render();
  });

  for (const button of filters) {
    button.addEventListener("click", () => {
      filter = filter === button.dataset.filter ? "" : button.dataset.filter;
      for (const other of filters)
        other.setAttribute("aria-pressed", String(other.dataset.filter === filter));
      selected = undefined;
      render();
    });
  }

  /** @type {Record<string, () => void>} */
  const actions = { in: () => view.zoom(1.4), out: () => view.zoom(1 / 1.4), fit: () => view.fit() };
  for (const button of findAll("[data-action]")) {
    button.addEventListener("click", () => actions[button.dataset.action]?.());
  }

  /** @type {Record<string, () => void>} */
  const shortcuts = {
    "+": () => view.zoom(1.4),
    "=": () => view.zoom(1.4),
    "-": () => view.zoom(1 / 1.4),
    0: () => view.fit(),
  };
  /** @type {Record<string, [number, number]>} */
  const directions = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return clear();
    if (event.target === input) return;
    if (event.key === "/") {
      input.focus();
      input.select();
      return event.preventDefault();
    }
    const shortcut = shortcuts[event.key];
    const direction = directions[event.key];
    const inside = stage.contains(event.target);
    if (shortcut) shortcut();
    // Outside the map, the arrow keys scroll the page.
    else if (direction && inside) view.move(...direction);
    else if (event.key === "Enter" && inside && selected?.kind === "organization") {
      center(selected.index);
      render();
    } else return;
    event.preventDefault();
  });

  for (const cell of findAll("[data-created-at]")) cell.textContent = formatAge(cell.dataset.createdAt);
  page.documentElement.classList.add("ready");
}

startPage(document);
