import { type ApiVersion, apiVersions } from './ids.ts';
import type { Route } from './route.ts';

/** Where a path leads. */
export type Match =
  | { readonly route: Route; readonly path: Readonly<Record<string, string>> }
  /** Beyond a route that refuses it. */
  | { readonly route: 'below' };

interface Node {
  readonly literals: Map<string, Node>;
  variable: { readonly name: string; readonly node: Node } | undefined;
  route: Route | undefined;
}

/** Finds routes by their paths. */
export class Router {
  readonly #roots = new Map<ApiVersion, Node>();

  constructor(routes: readonly Route[]) {
    for (const version of apiVersions) {
      const root = newNode();
      for (const route of routes) if (route.versions?.includes(version) ?? true) insert(root, route);
      this.#roots.set(version, root);
    }
  }

  /** @param segments of a path below the version; an empty one, as behind a final slash, stands for nothing */
  find(version: ApiVersion, segments: readonly string[]): Match | undefined {
    const root = this.#roots.get(version);
    return root && descend(root, segments, 0, {});
  }
}

function newNode(): Node {
  return { literals: new Map(), variable: undefined, route: undefined };
}

function insert(root: Node, route: Route): void {
  let node = root;
  for (const segment of route.path.split('/').slice(1)) node = childOf(node, segment);
  node.route = route;
}

function childOf(node: Node, segment: string): Node {
  if (segment.startsWith(':')) {
    node.variable ??= { name: segment.slice(1), node: newNode() };
    return node.variable.node;
  }
  const child = node.literals.get(segment) ?? newNode();
  node.literals.set(segment, child);
  return child;
}

function descend(
  node: Node,
  segments: readonly string[],
  depth: number,
  path: Readonly<Record<string, string>>,
): Match | undefined {
  const segment = segments[depth];
  if (segment === undefined) return node.route && { route: node.route, path };
  const literal = node.literals.get(segment);
  const found = literal && descend(literal, segments, depth + 1, path);
  if (found || segment === '') return found;
  const { variable } = node;
  const varied =
    variable && descend(variable.node, segments, depth + 1, { ...path, [variable.name]: segment });
  return varied ?? (node.route?.refusesBelow ? { route: 'below' } : undefined);
}
