import vm from 'node:vm';
import { RE2JS } from 're2js';
import { FerrymanError } from '../errors.ts';
import { waysThrough } from './pattern-cost.ts';
import { translatePythonRegExp } from './python-regexp.ts';

/** A regular expression does not compile; the message holds it and the reason. */
export class PatternError extends FerrymanError {
  override name = 'PatternError';
}

/** A regular expression of a list owner. It may run against hostile text: no match takes longer than the limit. */
export interface Pattern {
  readonly source: string;
  /** Whether the pattern is found anywhere in the text, without regard to case. */
  test(text: string): boolean;
}

/** How long an expression that needs backtracking may run before it counts as not matching. */
const BACKTRACKING_LIMIT_MS = 200;

/** How often it runs again where a busy machine gave it less than half of that time. */
const MOST_ATTEMPTS = 10;

const MAX_SOURCE_LENGTH = 4000;

/** Ways through alternatives with assertions that an engine which backtracks may have to compile: some 20 ms. */
const MAX_WAYS = 4096;

/**
 * Compiles a regular expression in Python's syntax, ignoring case. RE2 runs it in linear time; what RE2 does not know
 * (look-around, back references) runs in the engine of the language under a time limit.
 * @throws PatternError
 */
export function compilePattern(source: string): Pattern {
  if (source.length > MAX_SOURCE_LENGTH) {
    throw new PatternError(
      `Regular expression of ${source.length} characters; the limit is ${MAX_SOURCE_LENGTH}`,
    );
  }
  const translated = translatePythonRegExp(source);
  const backtracking = backtrackingPattern(source, translated.javascript);
  const isCheap = waysThrough(source) <= MAX_WAYS;
  let linear: RE2JS;
  try {
    linear = RE2JS.compile(translated.re2, RE2JS.CASE_INSENSITIVE);
  } catch {
    if (isCheap) return backtracking;
    throw new PatternError(
      `Regular expression ${JSON.stringify(source)} combines too many alternatives with look-around`,
    );
  }
  // RE2 knows the boundaries of ASCII words only.
  const needsAscii = isCheap && /\\b/i.test(translated.re2);
  return {
    source,
    test: (text) => (needsAscii && !isAscii(text) ? backtracking.test(text) : linear.matcher(text).find()),
  };
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** The pattern, or undefined where it does not compile. */
export function tryCompilePattern(source: string): Pattern | undefined {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}

function backtrackingPattern(source: string, javascript: string): Pattern {
  try {
    return { source, test: timedTest(new RegExp(javascript, 'iu')) };
  } catch (error) {
    const reason = (error as Error).message.replace(/^.*: /s, '');
    throw new PatternError(`Regular expression ${JSON.stringify(source)} does not compile: ${reason}`);
  }
}

/** An engine that backtracks can only be stopped from outside: the expression runs in a context with a clock. */
function timedTest(compiled: RegExp): (text: string) => boolean {
  const script = new vm.Script('compiled.test(text)');
  const variables = { compiled, text: '' };
  // Made for the first text, because many patterns are compiled and few of them meet one.
  let context: vm.Context | undefined;
  return (text) => {
    context ??= vm.createContext(variables);
    variables.text = text;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const before = process.threadCpuUsage();
      try {
        return script.runInContext(context, { timeout: BACKTRACKING_LIMIT_MS }) === true;
      } catch (error) {
        if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        const { user, system } = process.threadCpuUsage(before);
        if (user + system > BACKTRACKING_LIMIT_MS * 500) return false;
      }
    }
    return false;
  };
}
