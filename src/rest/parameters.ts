import type { Config } from '../config/index.ts';
import { ConversionError, type Converter, UnknownNameError } from './converters.ts';
import { badRequest } from './errors.ts';
import type { Input } from './input.ts';

/** A parameter of an operation. */
export interface Parameter<T, R extends boolean = boolean> {
  readonly converter: Converter<T>;
  readonly isRequired: R;
  readonly meaning: string;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** What an operation works with: values by name; those that are not required may be missing. */
export type ValuesOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T, infer R>
    ? true extends R
      ? false extends R
        ? T | undefined
        : T
      : T | undefined
    : never;
};

/** A parameter without which nothing is done. */
export function required<T>(converter: Converter<T>, meaning: string): Parameter<T, true> {
  return { converter, isRequired: true, meaning };
}

/** A parameter that may be left out. */
export function optional<T>(converter: Converter<T>, meaning: string): Parameter<T, false> {
  return { converter, isRequired: false, meaning };
}

/** What the parameters mean is the same for PATCH, where each may be left out. */
export function allOptional<P extends Parameters>(
  parameters: P,
): { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? Parameter<T, false> : never } {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, { ...parameter, isRequired: false }]),
  ) as never;
}

/**
 * Reads the parameters of a request in Mailman's order: unknown names, values that cannot be read, missing names.
 * @throws RestError 400, with one message
 */
export function readParameters<P extends Parameters>(
  parameters: P,
  input: Input,
  config: Config,
): ValuesOf<P> {
  const values: Record<string, unknown> = {};
  const unexpected: string[] = [];
  const unreadable: string[] = [];
  for (const [name, value] of input) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    try {
      if (parameter) values[name] = parameter.converter.convert(value, config);
      else unexpected.push(name);
    } catch (error) {
      if (error instanceof UnknownNameError) unexpected.push(name);
      else if (error instanceof ConversionError)
        unreadable.push(`Invalid Parameter "${name}": ${error.message}.`);
      else throw error;
    }
  }
  if (unexpected.length > 0) throw badRequest(`Unexpected parameters: ${unexpected.sort().join(', ')}`);
  if (unreadable.length > 0) throw badRequest(unreadable.sort().join(' '));
  const missing = Object.keys(parameters).filter(
    (name) => parameters[name]?.isRequired && !Object.hasOwn(values, name),
  );
  if (missing.length > 0) throw badRequest(`Missing Parameter: ${missing.sort().join(', ')}`);
  return values as ValuesOf<P>;
}

/**
 * The same for PATCH of a thing with attributes some of which cannot be written.
 * @throws RestError 400
 */
export function readChanges<P extends Parameters>(
  parameters: P,
  input: Input,
  config: Config,
  isReadOnly: (name: string) => boolean = () => false,
): Partial<ValuesOf<P>> {
  for (const name of input.keys()) {
    if (Object.hasOwn(parameters, name)) continue;
    throw badRequest(isReadOnly(name) ? `Read-only attribute: ${name}` : `Unknown attribute: ${name}`);
  }
  return readParameters(allOptional(parameters), input, config) as Partial<ValuesOf<P>>;
}
