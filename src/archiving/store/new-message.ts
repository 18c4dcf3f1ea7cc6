import type { PreparedMessage } from './incoming.ts';
import type { Linking } from './subject-links.ts';
import type { DateSource } from './types.ts';

/** A message on its way into the tables. */
export interface NewMessage {
  readonly prepared: PreparedMessage;
  readonly id: number;
  readonly list: number;
  readonly copy: number;
  readonly sender: number;
  readonly date: number;
  readonly dateSource: DateSource;
  readonly number: number;
  readonly subjectKey: number | null;
  readonly linking: Linking;
  readonly hash: string;
  readonly references: readonly string[];
  thread: number;
}
