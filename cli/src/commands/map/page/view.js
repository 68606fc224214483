/**
 * What is seen of the drawing. The drawing fits into its view by itself; Panzoom moves and enlarges the group around it.
 *
 * @typedef {{ scale: number, x: number, y: number }} Place
 * @param {{ view: SVGSVGElement, scene: SVGGElement, drawing: SVGSVGElement }} elements
 */
function createView({ view, scene, drawing }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const animate = () => !calm.matches;
  const panzoom = /** @type {import("@panzoom/panzoom").PanzoomObject} */ (
    // @ts-expect-error -- Panzoom's own script stands before this one
    Panzoom(scene, { canvas: true, maxScale: 40, minScale: 0.4, cursor: "grab", step: 0.4 })
  );
  view.addEventListener("wheel", (event) => panzoom.zoomWithWheel(event), { passive: false });

  /** How large a pixel of the drawing is where nothing is enlarged, and where its upper left corner lies. */
  function fitting() {
    const { width, height } = view.getBoundingClientRect();
    const box = drawing.viewBox.baseVal;
    const size = Math.min(width / box.width, height / box.height);
    return {
      width,
      height,
      size,
      left: (width - box.width * size) / 2 - box.x * size,
      top: (height - box.height * size) / 2 - box.y * size,
    };
  }

  /** @returns {Place} */
  const place = () => ({ scale: panzoom.getScale(), ...panzoom.getPan() });

  return {
    place,
    /** @param {number} step larger than one enlarges, around the middle of the view */
    zoom(step) {
      const { left, top, width, height } = view.getBoundingClientRect();
      panzoom.zoomToPoint(panzoom.getScale() * step, {
        clientX: left + width / 2,
        clientY: top + height / 2,
      });
    },
    /**
     * Looks further in a direction.
     * @param {number} right @param {number} down pixels of the screen
     */
    move(right, down) {
      const { scale, x, y } = place();
      panzoom.pan(x - right / scale, y - down / scale, { animate: animate() });
    },
    /** The whole drawing again. */
    fit() {
      panzoom.reset({ animate: animate() });
    },
    /**
     * Brings a part of the drawing into the middle, large enough to be read.
     * @param {SVGGraphicsElement} part
     * @param {number} covered how much of the right side is covered, in pixels
     */
    center(part, covered) {
      const box = part.getBBox();
      const { width, height, size, left, top } = fitting();
      const scale = Math.max(panzoom.getScale(), Math.min(1 / size, 40));
      const x = left + (box.x + box.width / 2) * size;
      const y = top + (box.y + box.height / 2) * size;
      panzoom.zoom(scale, { animate: false, force: true });
      panzoom.pan((width - covered) / 2 / scale - x, height / 2 / scale - y, {
        animate: animate(),
        force: true,
      });
    },
    /**
     * Whether a part of the drawing is on the right half of what is seen.
     * @param {Element} part
     */
    isRight(part) {
      const outer = view.getBoundingClientRect();
      const inner = part.getBoundingClientRect();
      return inner.left + inner.right > outer.left + outer.right;
    },
    /**
     * Whether a part of the drawing is in sight.
     * @param {SVGGraphicsElement} part
     */
    shows(part) {
      const outer = view.getBoundingClientRect();
      const inner = part.getBoundingClientRect();
      return (
        inner.left >= outer.left &&
        inner.right <= outer.right &&
        inner.top >= outer.top &&
        inner.bottom <= outer.bottom
      );
    },
  };
}
