/** How many posts for each figure, and for how many seconds to flood. Mailman 3 gets fewer: it is slow, and its rates do not depend on how many. */
export const FULL = {
  flood: 15,
  idle: [40, 15],
  toTen: [3000, 150],
  interrupted: [500, 150],
  large: [10, 2],
} as const;

/** The same for a run of few minutes. */
export const QUICK = {
  flood: 5,
  idle: [20, 5],
  toTen: [1000, 60],
  interrupted: [500, 60],
  large: [3, 2],
} as const;

/** One of both. */
export type Plan = typeof FULL | typeof QUICK;
