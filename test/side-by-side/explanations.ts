import type { Explanation } from './explained.ts';
import { explanationsOfPosts } from './explained.ts';
import { explanationsElsewhere } from './explained-elsewhere.ts';

/** All differences that are there on purpose; whatever none of them explains is a mistake. */
export const explanations: readonly Explanation[] = [...explanationsOfPosts, ...explanationsElsewhere];
