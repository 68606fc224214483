/**
 * Creates the view of the drawing. The drawing fits into its view. Panzoom moves and scales the group around it.
 *
 * @typedef {{ scale: number, x: number, y: number }} ViewPosition
 * @param {{ view: SVGSVGElement, scene: SVGGElement, drawing: SVGSVGElement }} elements
 */
function createView({ view, scene, drawing }) {
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  const isAnimated = () => !reducedMotion.matches;
  const panzoom = /** @type {import("@panzoom/panzoom").PanzoomObject} */ (
    // @ts-expect-error -- the script of Panzoom comes before this one
    Panzoom(scene, { canvas: true, maxScale: 40, minScale: 0.4, cursor: "grab", step: 0.4 })
  );
  view.addEventListener("wheel", (event) => panzoom.zoomWithWheel(event), { passive: false });

  /** Measures the size of a pixel of the drawing without zoom, and the position of its upper left corner. */
  function measureFit() {
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

  /** @returns {ViewPosition} */
  const getPosition = () => ({ scale: panzoom.getScale(), ...panzoom.getPan() });

  return {
    getPosition,
    /**
     * Zooms around the center of the view.
     * @param {number} factor
     */
    zoom(factor) {
      const { left, top, width, height } = view.getBoundingClientRect();
      panzoom.zoomToPoint(panzoom.getScale() * factor, {
        clientX: left + width / 2,
        clientY: top + height / 2,
      });
    },
    /**
     * Moves the view in a direction.
     * @param {number} right @param {number} down pixels of the screen
     */
    move(right, down) {
      const { scale, x, y } = getPosition();
      panzoom.pan(x - right / scale, y - down / scale, { animate: isAnimated() });
    },
    /** Shows the whole drawing. */
    fit() {
      panzoom.reset({ animate: isAnimated() });
    },
    /**
     * Centers a part of the drawing, at a readable size.
     * @param {SVGGraphicsElement} part
     * @param {number} covered the width of the covered right side, in pixels
     */
    center(part, covered) {
      const box = part.getBBox();
      const { width, height, size, left, top } = measureFit();
      const scale = Math.max(panzoom.getScale(), Math.min(1 / size, 40));
      const x = left + (box.x + box.width / 2) * size;
      const y = top + (box.y + box.height / 2) * size;
      panzoom.zoom(scale, { animate: false, force: true });
      panzoom.pan((width - covered) / 2 / scale - x, height / 2 / scale - y, {
        animate: isAnimated(),
        force: true,
      });
    },
    /**
     * Whether a part of the drawing is on the right half of the view.
     * @param {Element} part
     */
    isRight(part) {
      const outer = view.getBoundingClientRect();
      const inner = part.getBoundingClientRect();
      return inner.left + inner.right > outer.left + outer.right;
    },
    /**
     * Whether a part of the drawing is completely visible.
     * @param {SVGGraphicsElement} part
     */
    isVisible(part) {
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
