/**
 * Terms that are replaced as a whole are judged field by field: what one field tightens does not pay for what another
 * loosens.
 */

/** Whether the second terms let more happen than the first. */
export type Rule<Terms> = (before: Terms, after: Terms) => boolean;

/**
 * Whether the new terms loosen as a whole, or any field of theirs would if it were the only one to change. So no field
 * of an act can switch off the question that another field asks.
 */
export function anyFieldAlone<Terms extends object>(before: Terms, after: Terms, loosens: Rule<Terms>): boolean {
  if (loosens(before, after)) return true;
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Terms>;
  // A field that the new terms leave out takes its standard value again.
  return [...fields].some(
    (field) => before[field] !== after[field] && loosens(before, { ...before, [field]: after[field] }),
  );
}
