import type { DnsResolver } from '../../queue/step.ts';

/** A name server, as mailauth asks it, for the checks of one message. */
export interface Questions {
  readonly ask: (name: string, type: string) => Promise<string[][]>;
  /** Names about which nobody gave an answer, neither yes nor no. */
  readonly unanswered: ReadonlySet<string>;
}

/** Answers for one message; more are asked for only by those who want to keep us busy. */
const MAX_QUESTIONS = 100;

/** After so many that nobody answered, the name servers are taken for dead. */
const MAX_UNANSWERED = 2;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?$/i;

/** Codes of `node:dns` that say there is nothing of the kind. */
const NO_SUCH_RECORD: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks each question once, and no more of them than a message deserves. Only TXT records are ever asked for; whether a
 * domain exists at all (DMARC's `np`) is told by that as well.
 */
export function questionsTo(resolver: DnsResolver): Questions {
  const answers = new Map<string, Promise<string[][]>>();
  const unanswered = new Set<string>();
  const text = (name: string): Promise<string[][]> => {
    const key = name.toLowerCase();
    const known = answers.get(key);
    if (known) return known;
    const answer = askOnce(key);
    answers.set(key, answer);
    return answer;
  };
  const askOnce = async (name: string): Promise<string[][]> => {
    if (!HOST_NAME.test(name)) throw noAnswer('ENOTFOUND', `${JSON.stringify(name)} is no name`);
    try {
      if (answers.size >= MAX_QUESTIONS || unanswered.size >= MAX_UNANSWERED)
        throw noAnswer('ETIMEOUT', 'not asked');
      return await resolver.resolveTxt(name);
    } catch (error) {
      if (!NO_SUCH_RECORD.has(codeOf(error))) unanswered.add(name);
      throw error;
    }
  };
  return {
    unanswered,
    ask: async (name, type) => {
      if (type === 'TXT') return text(name);
      if (type !== 'A') throw noAnswer('ENODATA', `${type} records are not asked for`);
      try {
        return await text(name);
      } catch (error) {
        // Of these two only ENOTFOUND says that the name does not exist.
        if (codeOf(error) === 'ENODATA') return [[]];
        throw error;
      }
    },
  };
}

function noAnswer(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
