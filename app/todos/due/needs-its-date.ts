/** Whether a text would lose its sense with the date at its end: “Call Grandma about Sunday”, “Watch Black Friday”. */

/** Something has to follow it. Prepositions that say when a todo is due are not among them. */
const DANGLING =
  /(?:\b(?:a|an|the|my|your|his|our|their|its|each|every|some|any|about|after|as|between|during|except|for|from|into|of|per|since|than|to|towards?|versus|via|vs|with|without|and|but|nor|or|called|named)|["“‘(&+])$/i

/** Days that have a name of their own. */
const NAMED =
  /\b(?:ash|black|bloody|blue|casual|clean|cyber|easter|fat|freaky|giving|good|holy|lazy|man|maundy|palm|ruby|shrove|spy|super|throwback|whit)$/i

/** Alone before a date, they are about the day itself: “Plan Saturday” is no plan that is due on Saturday. */
const ABOUT_A_DAY =
  /^(?:block|book|cancel|celebrate|discuss|enjoy|free|keep|move|organi[sz]e|plan|prepare|remember|reschedule|schedule|skip|survive)$/i

/** @param rest what is left of the text without the date */
export function needsItsDate(rest: string): boolean {
  return [DANGLING, NAMED, ABOUT_A_DAY].some((words) => words.test(rest))
}
