import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { methods } from '../../src/rest/route.ts';
import { routes } from '../../src/rest/routes.ts';
import { openApi } from './api.ts';

type Schema = boolean | Readonly<Record<string, unknown>>;

/** The parts of Ajv that are used; it comes with Fastify. */
interface Validator {
  compile(schema: Schema): ((value: unknown) => boolean) & { readonly errors?: unknown };
}

const ofFastify = createRequire(createRequire(import.meta.url).resolve('fastify'));
const { Ajv2020 } = ofFastify('ajv/dist/2020.js') as {
  readonly Ajv2020: new (options: object) => Validator;
};

/** Ajv does not follow dynamic references through `oneOf`; here they all lead to the same place. */
const metaSchema = JSON.parse(
  readFileSync(new URL('../../fixtures/openapi-3.1.json', import.meta.url), 'utf8').replaceAll(
    '"$dynamicRef":"#meta"',
    '"$ref":"#/$defs/schema"',
  ),
) as Schema;

interface Described {
  readonly operationId: string;
  readonly parameters?: readonly { readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

describe('/openapi.json', () => {
  let document: Document;

  beforeAll(async () => {
    const { get } = await openApi();
    document = (await get('/openapi.json')) as Document;
  });

  test('is an OpenAPI 3.1 document', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(metaSchema);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(validate({ ...document, paths: { '/x': { get: { responses: [] } } } })).toBe(false);
  });

  test('has every route with every method, but for lists without a name', () => {
    const missing = routes.flatMap((route) =>
      methods
        .filter((method) => route.methods[method])
        .filter((method) => {
          const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
          return document.paths[path]?.[method.toLowerCase()] === undefined;
        })
        .map((method) => `${method} ${route.path}`),
    );
    expect(missing).toEqual(['DELETE /lists/', 'GET /lists/']);
  });

  test('names each operation once, and its schemas are JSON schemas', () => {
    const ids = new Set<string>();
    const ajv = new Ajv2020({ strict: true, strictTypes: false, validateFormats: false });
    let operations = 0;
    for (const item of Object.values(document.paths)) {
      for (const method of methods) {
        const operation = item[method.toLowerCase()];
        if (!operation) continue;
        operations += 1;
        ids.add(operation.operationId);
        const schemas = [
          ...(operation.parameters ?? []),
          ...Object.values(operation.requestBody?.content ?? {}),
        ].map(({ schema }) => schema);
        for (const schema of schemas) expect(() => ajv.compile(schema)).not.toThrow();
      }
    }
    expect(operations).toBeGreaterThan(120);
    expect(ids.size).toBe(operations);
  });
});
