/**
 * The page: pointer, keyboard and search lead to what is lit, told and brought into sight.
 *
 * @param {Document} page
 */
function startPage(page) {
  /** @param {string} id @returns {any} */
  const byId = (id) => page.getElementById(id);
  const model = createModel(JSON.parse(byId("data").textContent));
  const view = createView({ view: byId("view"), scene: byId("scene"), drawing: byId("drawing") });
  const details = createDetails(byId("details"), model);
  const stage = byId("stage");
  const input = byId("find");
  /** @param {string} selector @returns {any[]} */
  const all = (selector) => [...page.querySelectorAll(selector)];
  const cards = all("[data-organization]");
  const cardOf = new Map(cards.map((card) => [Number(card.dataset.organization), card]));
  const lines = all("#drawing [data-link]");
  const rows = all("tr[data-connection]");
  const filters = all("[data-look]");

  /** @type {{ kind: "organization" | "link", place: number } | undefined} */
  let hovered;
  /** Whether the details are told at the left, so that they do not lie on what they tell of. */
  let left = false;
  /** @type {{ kind: "organization" | "link", place: number } | undefined} */
  let chosen;
  /** @type {number[]} */
  let found = [];
  let current = 0;
  let look = "";

  /** What is lit: what is pointed at, else what is chosen, else what was found, else what the legend's entry shows. */
  function lit() {
    const one = hovered ?? chosen;
    if (one?.kind === "link") return model.around(model.links[one.place] ?? []);
    if (one) return aroundOne(one.place);
    if (input.value.trim() !== "") {
      const around = aroundOne(found[current] ?? -1);
      for (const at of found) around.organizations.add(at);
      return around;
    }
    if (look === "") return undefined;
    const matching = model.connections.flatMap((one, at) => (looks(one).includes(look) ? [at] : []));
    return model.around(matching);
  }

  /** @param {number} organization */
  function aroundOne(organization) {
    const around = model.around([...model.outgoing(organization), ...model.incoming(organization)]);
    around.organizations.add(organization);
    return around;
  }

  /** @param {Connection} one */
  function looks({ types, managedBy = [] }) {
    const known = types.filter((/** @type {string} */ type) => ["logs", "metrics", "audit"].includes(type));
    const other = known.length < types.length || types.length === 0 ? ["other"] : [];
    return [...known, ...other, ...(managedBy.length === 0 && model.stacksKnown ? ["unmanaged"] : [])];
  }

  function show() {
    const light = lit();
    stage.classList.toggle("lighting", light !== undefined);
    for (const [at, card] of cardOf) {
      card.classList.toggle("lit", light?.organizations.has(at) ?? false);
      card.classList.toggle("found", found.includes(at));
      card.classList.toggle("current", found.length > 0 && found[current] === at);
      card.setAttribute("aria-pressed", String(chosen?.kind === "organization" && chosen.place === at));
    }
    for (const line of lines)
      line.classList.toggle("lit", light?.links.has(Number(line.dataset.link)) ?? false);
    const one = hovered ?? chosen;
    const first = found[current];
    byId("details").classList.toggle("left", left && one !== undefined);
    if (one) details[one.kind](one.place);
    else if (first !== undefined) details.organization(first);
    else details.none();
  }

  /** @param {number} at */
  function bring(at) {
    const card = cardOf.get(at);
    // Its details are told at the right, on a screen that is wide enough.
    if (card) view.center(card, stage.clientWidth > 900 ? 360 : 0);
    left = false;
  }

  function search() {
    found = model.find(input.value);
    current = 0;
    chosen = undefined;
    const wanted = input.value.trim() !== "";
    for (const row of rows) {
      const { source = -1, sink = -1 } = model.connections[Number(row.dataset.connection)] ?? {};
      row.hidden = wanted && !found.includes(source) && !found.includes(sink);
    }
    if (found.length > 0) bring(found[0] ?? 0);
    say(wanted);
    show();
  }

  /** @param {boolean} wanted */
  function say(wanted) {
    const name = model.organizations[found[current] ?? -1]?.name ?? "";
    const which =
      found.length > 1 ? ` ${current + 1} of ${found.length}: ${name}. Enter shows the next.` : ` ${name}`;
    const text = found.length === 0 ? "No organization found." : `${found.length} found.${which}`;
    byId("found").textContent = wanted ? text : "";
  }

  /** @param {number} step */
  function next(step) {
    if (found.length === 0) return;
    current = (current + step + found.length) % found.length;
    bring(found[current] ?? 0);
    say(true);
    show();
  }

  function clear() {
    input.value = "";
    look = "";
    hovered = undefined;
    for (const one of filters) one.setAttribute("aria-pressed", "false");
    search();
  }

  /** @param {any} target */
  function pointedAt(target) {
    const card = target.closest?.("[data-organization]");
    if (card)
      return { kind: /** @type {const} */ ("organization"), place: Number(card.dataset.organization) };
    const line = target.closest?.("#drawing [data-link]");
    return line ? { kind: /** @type {const} */ ("link"), place: Number(line.dataset.link) } : undefined;
  }

  /** @param {Element} part */
  const tellBeside = (part) => (left = view.isRight(part));

  input.addEventListener("input", search);
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
  });

  const map = byId("view");
  map.addEventListener("pointerover", (/** @type {PointerEvent} */ event) => {
    if (event.buttons !== 0) return;
    hovered = pointedAt(event.target);
    if (hovered) left = event.clientX > stage.clientWidth / 2;
    show();
  });
  map.addEventListener("pointerleave", () => {
    hovered = undefined;
    show();
  });
  let down = { x: 0, y: 0 };
  map.addEventListener(
    "pointerdown",
    (/** @type {PointerEvent} */ event) => (down = { x: event.clientX, y: event.clientY }),
    { capture: true },
  );
  map.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    // The end of a drag is no click.
    if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > 5) return;
    chosen = pointedAt(event.target);
    left = event.clientX > stage.clientWidth / 2;
    show();
  });
  map.addEventListener("focusin", (/** @type {FocusEvent} */ event) => {
    const one = pointedAt(event.target);
    if (one?.kind !== "organization") return;
    chosen = one;
    const card = cardOf.get(one.place);
    if (card && !view.shows(card)) bring(one.place);
    else if (card) tellBeside(card);
    show();
  });

  for (const filter of filters) {
    filter.addEventListener("click", () => {
      look = look === filter.dataset.look ? "" : filter.dataset.look;
      for (const one of filters) one.setAttribute("aria-pressed", String(one.dataset.look === look));
      chosen = undefined;
      show();
    });
  }

  /** @type {Record<string, () => void>} */
  const actions = { in: () => view.zoom(1.4), out: () => view.zoom(1 / 1.4), fit: () => view.fit() };
  for (const button of all("[data-action]")) {
    button.addEventListener("click", () => actions[button.dataset.action]?.());
  }

  /** @type {Record<string, () => void>} */
  const keys = {
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
    const key = keys[event.key];
    const direction = directions[event.key];
    const inside = stage.contains(event.target);
    if (key) key();
    // Elsewhere the arrows scroll the page.
    else if (direction && inside) view.move(...direction);
    else if (event.key === "Enter" && inside && chosen?.kind === "organization") {
      bring(chosen.place);
      show();
    } else return;
    event.preventDefault();
  });

  for (const cell of all("[data-age]")) cell.textContent = ageOf(cell.dataset.age);
  page.documentElement.classList.add("ready");
}

startPage(document);
