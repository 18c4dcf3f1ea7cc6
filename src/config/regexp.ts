import { translatePythonRegExp } from '../model/python-regexp.ts';

/**
 * Compiles a regular expression written for Python. Throws SyntaxError when it is not valid or uses something
 * JavaScript does not have.
 */
export function compilePythonRegExp(source: string, flags = ''): RegExp {
  const { javascript, ignoreCase } = translatePythonRegExp(source);
  return new RegExp(javascript, [...new Set(`u${flags}${ignoreCase ? 'i' : ''}`)].join(''));
}
