/** Characters of a header that a reason quotes: it is stored, logged and mailed with each post that is held for it. */
const LONGEST = 500;

/** The beginning of a header for a reason. */
export function quotable(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST).toWellFormed()}...` : value;
}
