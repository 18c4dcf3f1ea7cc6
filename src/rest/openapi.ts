import { packageVersion } from '../package-version.ts';
import type { Parameters } from './parameters.ts';
import { type Method, methods, type Operation, type Route } from './route.ts';

/** What each method answers when all is well. */
const ANSWERS: Readonly<Record<Method, Readonly<Record<string, { readonly description: string }>>>> = {
  GET: { 200: { description: 'What was asked for, as JSON.' } },
  POST: {
    200: { description: 'Done; collections for searches.' },
    201: { description: 'Made; Location says where it is.' },
    202: { description: 'Begun; a token names what is needed yet.' },
    204: { description: 'Done.' },
  },
  PATCH: { 204: { description: 'Changed.' } },
  PUT: { 200: { description: 'Linked.' }, 201: { description: 'Made.' }, 204: { description: 'Set.' } },
  DELETE: {
    200: { description: 'What became of each of many.' },
    202: { description: 'Begun; a token names what is needed yet.' },
    204: { description: 'Removed.' },
  },
};

const REFUSALS = {
  400: { $ref: '#/components/responses/Refused' },
  401: { $ref: '#/components/responses/Refused' },
  404: { $ref: '#/components/responses/Refused' },
} as const;

/**
 * Describes the API as OpenAPI 3.1, from the table of its routes.
 * @param root `http://localhost:8001`
 */
export function openApiDocument(routes: readonly Route[], root: string): Readonly<Record<string, unknown>> {
  const shown = routes.filter(
    ({ path, methods: operations }) => !path.endsWith('/') && Object.keys(operations).length > 0,
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ferryman, REST API',
      version: packageVersion(),
      description:
        'The REST API of GNU Mailman 3, versions 3.0 and 3.1; this is 3.1. In 3.0 identifiers of users and members are decimal numbers.',
    },
    servers: [{ url: `${root}/3.1` }, { url: `${root}/3.0` }],
    security: [{ basic: [] }],
    paths: Object.fromEntries(shown.map((route) => [templateOf(route.path), pathItem(route, root)])),
    components: {
      securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
      responses: {
        Refused: {
          description: 'Refused; nothing is changed.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas: {
        Problem: {
          type: 'object',
          properties: { title: { type: 'string' }, description: { type: 'string' } },
          required: ['title'],
        },
      },
    },
  };
}

/** `/lists/:list` as OpenAPI writes it: `/lists/{list}`. */
function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function pathItem(
  { path, methods: operations, versions }: Route,
  root: string,
): Readonly<Record<string, unknown>> {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const described = methods.flatMap((method) => {
    const operation = operations[method];
    return operation ? [[method.toLowerCase(), describe(method, path, operation)]] : [];
  });
  return {
    ...(versions ? { servers: versions.map((version) => ({ url: `${root}/${version}` })) } : {}),
    ...(names.length === 0 ? {} : { parameters: names.map(pathParameter) }),
    ...Object.fromEntries(described),
  };
}

function pathParameter(name: string): Readonly<Record<string, unknown>> {
  return { name, in: 'path', required: true, schema: { type: 'string' } };
}

function describe(
  method: Method,
  path: string,
  { summary, parameters = {} }: Operation,
): Readonly<Record<string, unknown>> {
  const isBare = Object.keys(parameters).length === 0;
  const inBody = method !== 'GET' && !isBare;
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[/:_-]+(\w?)/g, (_, first: string) => first.toUpperCase())}`,
    summary,
    ...(method === 'GET' && !isBare ? { parameters: queryParameters(parameters) } : {}),
    ...(inBody ? { requestBody: bodyOf(parameters) } : {}),
    responses: { ...ANSWERS[method], ...REFUSALS },
  };
}

function queryParameters(parameters: Parameters): Readonly<Record<string, unknown>>[] {
  return Object.entries(parameters).map(([name, { converter, isRequired, meaning }]) => ({
    name,
    in: 'query',
    description: meaning,
    required: isRequired,
    schema: converter.schema,
  }));
}

function bodyOf(parameters: Parameters): Readonly<Record<string, unknown>> {
  const required = Object.keys(parameters).filter((name) => parameters[name]?.isRequired);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(parameters).map(([name, { converter, meaning }]) => [
        name,
        { ...converter.schema, description: meaning },
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
  return {
    required: required.length > 0,
    content: { 'application/json': { schema }, 'application/x-www-form-urlencoded': { schema } },
  };
}
