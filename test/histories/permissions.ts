/** What a step may do to others' connections, because the program said so. */
import { shownStrangers, type Held } from "./held.js";
import { declaredRows, isSet, type Declared } from "./program.js";
import { typesText, type Scene } from "./scene.js";

/** An adoption on purpose may give somebody else's connection the declared types, even when it fails later. */
export function permitAdoptions(scene: Scene, declared: Declared): void {
  for (const { pair, types } of declaredRows(declared)) {
    const row = scene.liveOf(pair);
    if (row && types) scene.others.get(row.id)?.add(typesText(types));
  }
}

/** An exclusive set may end the very ids that the state shows, unless it declares their destination. */
export function permitEndings(scene: Scene, declared: Declared, held: Held | undefined): void {
  if (!held || !isSet(declared) || !declared.exclusive) return;
  const wanted = new Set([...declared.members.keys()].map((sink) => scene.sandbox.organization(sink).id));
  for (const [sink, id] of Object.entries(shownStrangers(held))) {
    if (!wanted.has(sink)) scene.mayEnd.add(id);
  }
}
