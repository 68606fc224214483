/** A point, in CSS pixels from the upper left corner of the picture. */
export interface Point {
  x: number;
  y: number;
}

/** A rectangle: its centre and its size. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** An organization in the picture. */
export interface Card extends Box {
  /** Its place in the topology. */
  organization: number;
  /** `large`: name and figures; `small`: a name among many that are alike; `spot`: a spot on a ring, its name beside it. */
  form: "large" | "small" | "spot";
  /** Of a spot: the direction in which its name runs, in degrees, clockwise from the right. */
  angle?: number;
}

/** A frame around organizations that are alike. */
export interface Frame extends Box {
  /** How many stand in it. */
  count: number;
}

/** A line from the source to the sink. */
export interface Line {
  /** Its place among the links. */
  link: number;
  /** A Bézier curve: its start, then three points for each piece. */
  curve: readonly Point[];
  /** The middle of its label, where there is room for one. */
  label?: Point | undefined;
}

/** Where everything stands. */
export interface Layout {
  width: number;
  height: number;
  /** How wide lines and their arrows are drawn: 1 is usual. */
  strength: number;
  cards: readonly Card[];
  frames: readonly Frame[];
  lines: readonly Line[];
}
