import type { Answer } from './answer.ts';
import type { Visit } from './visit.ts';

/** A page: where it is and what it answers. One file each in pages/. */
export interface Page {
  /** With `:name` for parts that the page reads, and a slash at the end, which requests may leave out. */
  readonly path: string;
  readonly get?: (visit: Visit) => Promise<Answer> | Answer;
  /** For forms; the token of the form has been checked. */
  readonly post?: (visit: Visit) => Promise<Answer> | Answer;
  /** Forms of other sites may be sent here, such as those made for Mailman 2.1: `post` shows something, and does nothing. */
  readonly takesForeignForms?: true;
}
