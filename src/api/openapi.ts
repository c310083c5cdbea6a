/** OpenAPI 3.1 from the schemas of the routes, at /v1/openapi.json, and its viewer at /docs, which needs no other host. */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';

const DESCRIPTION = `Links seizures of pressed drugs by what the press left on them.

A score of this API speaks of the logo design only: many tools share a design. It is no evidence that two specimens were made by the same tool. A distance of two profiles speaks of one batch only.`;

type Transform = typeof jsonSchemaTransform;

/** The library knows one body schema a route; routes that read several media types list them in \`bodies\`. */
const transform: Transform = (document) => {
  const { bodies, ...schema } = (document.schema ?? {}) as typeof document.schema & { bodies?: Record<string, z.ZodType> };
  const result = jsonSchemaTransform({ ...document, schema: document.schema && schema } as Parameters<Transform>[0]);
  if (!bodies || !result.schema) return result;
  const content = Object.fromEntries(Object.entries(bodies).map(([type, body]) => [type, { schema: bodySchema(body) }]));
  return { ...result, schema: { ...result.schema, body: { content } } } as ReturnType<Transform>;
};

function bodySchema(body: z.ZodType): object {
  const name = body.meta()?.id;
  if (name) return { $ref: `#/components/schemas/${name}Input` };
  const { $schema: _, ...schema } = z.toJSONSchema(body, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  return schema;
}

interface OpenApiDocument {
  components: { schemas: Record<string, object> };
}

/** Every schema is there twice, as it is sent and as it is answered: what nothing refers to goes, and a lone input takes the plain name. */
function withoutUnused(document: OpenApiDocument): OpenApiDocument {
  const { schemas } = document.components;
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name!)) continue;
      used.add(name!);
      follow(schemas[name!]);
    }
  };
  follow({ ...document, components: { ...document.components, schemas: undefined } });
  const rename = new Map([...used].flatMap((name) => (name.endsWith('Input') && !used.has(name.slice(0, -5)) ? [[name, name.slice(0, -5)] as const] : [])));
  const kept = Object.fromEntries([...used].sort().map((name) => [rename.get(name) ?? name, schemas[name]]));
  const text = JSON.stringify({ ...document, components: { ...document.components, schemas: kept } });
  return JSON.parse(text.replace(/"#\/components\/schemas\/([^"]+)"/g, (_, name: string) => `"#/components/schemas/${rename.get(name) ?? name}"`)) as OpenApiDocument;
}

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="4" y="28" font-family="Georgia, serif" font-size="26" fill="#fff">Relievo</text></svg>';

export const openapiPlugin = fp(async (app: FastifyInstance, { version }: { version: string }) => {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Relievo', version, description: DESCRIPTION, license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: `rk_<id>_<secret>`' } } },
      security: [{ key: [] }],
    },
    transform,
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document) as OpenApiDocument) as ReturnType<typeof jsonSchemaTransformObject>,
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    logLevel: 'warn',
    staticCSP: "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'; base-uri 'self'",
    theme: { title: 'Relievo API' },
    logo: { type: 'image/svg+xml', content: LOGO, href: '/docs', target: '_self' },
    uiConfig: { url: '/v1/openapi.json', validatorUrl: null, persistAuthorization: false, displayRequestDuration: true },
  });
  app.get('/v1/openapi.json', { config: { scope: 'public' }, schema: { hide: true } }, async () => app.swagger());
}, { name: 'relievo-openapi' });
