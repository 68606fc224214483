/** A point, in CSS pixels from the upper left corner of the picture. */
export interface Point {
  x: number;
  y: number;
}

/** A rectangle, with its center and its size. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** An organization in the picture. */
export interface Card extends Box {
  /** Its index in the topology. */
  organization: number;
  /**
   * - `large`: a card with a name, the count of destinations and the count of sources
   * - `small`: a card with a name, in a group
   * - `spot`: a spot on a ring, with the name beside it
   */
  form: "large" | "small" | "spot";
  /** The direction from a spot to its name, in degrees, clockwise from the right. Only for spots. */
  angle?: number;
}

/** A frame around a group of organizations with the same connections. */
export interface Frame extends Box {
  /** The count of organizations in it. */
  count: number;
}

/** The line of a link, from its source to its destination. */
export interface Line {
  /** The index of its link in `GroupedTopology.links`. */
  linkIndex: number;
  /** A Bézier curve: its start, then three points for each segment. */
  curve: readonly Point[];
  /** The center of its label, if there is space for one. */
  label?: Point | undefined;
}

/** The positions of all parts of a picture. */
export interface Layout {
  width: number;
  height: number;
  /** The factor for the sizes of lines and arrowheads. */
  lineScale: number;
  cards: readonly Card[];
  frames: readonly Frame[];
  lines: readonly Line[];
}
