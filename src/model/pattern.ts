import vm from 'node:vm';
import { RE2JS } from 're2js';
import { FerrymanError } from '../errors.ts';

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

const MAX_SOURCE_LENGTH = 4000;

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
  const translated = fromPython(source);
  try {
    const compiled = RE2JS.compile(
      translated.replace(/\\u([0-9a-fA-F]{4})/g, '\\x{$1}'),
      RE2JS.CASE_INSENSITIVE,
    );
    return { source, test: (text) => compiled.matcher(text).find() };
  } catch {
    return backtrackingPattern(source, translated);
  }
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

function backtrackingPattern(source: string, translated: string): Pattern {
  const javascript = translated
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\z/g, '(?![\\s\\S])');
  let compiled: RegExp;
  try {
    compiled = new RegExp(javascript, 'iu');
  } catch {
    try {
      compiled = new RegExp(javascript, 'i');
    } catch (error) {
      const reason = (error as Error).message.replace(/^Invalid regular expression: /, '');
      throw new PatternError(`Regular expression ${JSON.stringify(source)} does not compile: ${reason}`);
    }
  }
  return { source, test: timedTest(compiled) };
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
    try {
      return script.runInContext(context, { timeout: BACKTRACKING_LIMIT_MS }) === true;
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
      throw error;
    }
  };
}

/** Python's `\Z`, `{,n}` and comments, which no other engine writes that way. */
function fromPython(source: string): string {
  return source
    .replace(/\\([\s\S])/g, (sequence, letter: string) => (letter === 'Z' ? '\\z' : sequence))
    .replace(/\(\?#[^)]*\)/g, '')
    .replace(/\{,(\d+)\}/g, '{0,$1}');
}
