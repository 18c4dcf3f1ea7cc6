/**
 * The largest limit for each of some lengths so that all together stay within a budget: the short ones stay whole, and
 * leave the rest of their share to the long ones.
 */
export function fairLimit(lengths: readonly number[], budget: number): number {
  let left = budget;
  const sorted = lengths.toSorted((a, b) => a - b);
  for (const [index, length] of sorted.entries()) {
    const share = left / (sorted.length - index);
    if (length > share) return Math.floor(share);
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}
