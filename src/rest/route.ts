import type { Connection } from '../database/handle.ts';
import type { Step } from '../queue/step.ts';
import type { Answer } from './answer.ts';
import type { ApiVersion } from './ids.ts';
import type { Input } from './input.ts';
import type { Parameters, ValuesOf } from './parameters.ts';

export const methods = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const;
export type Method = (typeof methods)[number];

/** One request on its way through a resource. */
export interface Call {
  readonly version: ApiVersion;
  /** The parts of the path that are named in the route. */
  readonly path: Readonly<Record<string, string>>;
  readonly input: Input;
  /** What the resource does is one step: all of it is undone when it throws. */
  readonly step: Step;
  readonly connection: Connection;
  /** The absolute URL of a path below the version, such as `/lists/ant.example.com`. */
  link(path: string): string;
  /** What is to be done when the change is committed. */
  afterwards(work: () => Promise<void> | void): void;
}

/** What a method does at a route. */
export interface Operation<P extends Parameters = Parameters> {
  readonly summary: string;
  /** What `read` takes; undefined where parameters are not looked at, or not refused. */
  readonly parameters?: P | undefined;
  /** Whether the answer to a GET follows from the request and the database alone, so that it may be given again. */
  readonly isRepeatable?: boolean;
  /** @param read checks the parameters, when what the path names is found */
  readonly run: (call: Call, read: () => ValuesOf<P>) => Promise<Answer>;
}

/** Declares an operation, so that `read` has the types of its parameters. */
export function operation<const P extends Parameters = Record<never, never>>(
  declared: Operation<P>,
): Operation {
  return declared as unknown as Operation;
}

/** Something that has a path. */
export interface Route {
  /** Below the version, with `:name` for what varies: `/lists/:list/config`. */
  readonly path: string;
  readonly methods: Partial<Readonly<Record<Method, Operation>>>;
  /** Only in these versions. */
  readonly versions?: readonly ApiVersion[];
  /** Whether any longer path is answered with 400; else with 404. */
  readonly refusesBelow?: boolean;
}

/** Declares a route. */
export function route(
  path: string,
  operations: Route['methods'],
  more: Pick<Route, 'versions' | 'refusesBelow'> = {},
): Route {
  return { path, methods: operations, ...more };
}
