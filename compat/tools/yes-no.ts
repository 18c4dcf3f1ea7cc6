import { ToolUsageError } from './tool.ts';

/** The value of an option such as `-w y`; undefined where it was not given, so that the list's setting counts. */
export function yesNo(option: string, values: readonly string[] | undefined): boolean | undefined {
  const value = values?.at(-1);
  if (value === undefined) return undefined;
  const first = value.charAt(0).toLowerCase();
  if (first === 'y') return true;
  if (first === 'n') return false;
  throw new ToolUsageError(`Bad argument to ${option}: ${value}`);
}
