import type { OpenAPIV3_1 } from 'openapi-types';

type Operation = OpenAPIV3_1.OperationObject;

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The document as one page without a script: it works offline, and under the strictest policy. */
export function renderReference(document: OpenAPIV3_1.Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method): Described[] => {
      const operation = item?.[method];
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
    }),
  );
  const tags = (document.tags ?? []).map((tag) => ({
    ...tag,
    operations: operations.filter(({ operation }) => operation.tags?.includes(tag.name)),
  }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(document.info.title)}: HTTP API</title>
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<header>
<h1>${escape(document.info.title)} <small>${escape(document.info.version)}</small></h1>
<p>${escape(document.info.description ?? '')}</p>
<p><a href="/openapi.json">OpenAPI document</a></p>
</header>
<nav aria-label="Routes"><ul>
${tags.map(({ name, operations: each }) => (each.length === 0 ? '' : `<li><a href="#${escape(name)}">${escape(name)}</a></li>`)).join('\n')}
</ul></nav>
<main>
${tags.map((tag) => (tag.operations.length === 0 ? '' : renderTag(tag))).join('\n')}
</main>
</body>
</html>
`;
}

function renderTag(tag: OpenAPIV3_1.TagObject & { readonly operations: readonly Described[] }): string {
  return `<section id="${escape(tag.name)}"><h2>${escape(tag.name)}</h2><p>${escape(tag.description ?? '')}</p>
${tag.operations.map(renderOperation).join('\n')}</section>`;
}

function renderOperation({ method, path, operation }: Described): string {
  const parameters = (operation.parameters ?? []) as OpenAPIV3_1.ParameterObject[];
  const body = operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined;
  const responses = Object.entries(operation.responses ?? {}) as [string, OpenAPIV3_1.ResponseObject][];
  return `<details id="${escape(operation.operationId ?? '')}">
<summary><code><b>${method}</b> ${escape(path)}</code> <span>${escape(operation.summary ?? '')}</span></summary>
<p>${withCode(operation.description ?? '')}</p>
${parameters.length === 0 ? '' : `<h3>Parameters</h3><table><thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Form</th></tr></thead><tbody>${parameters.map(renderParameter).join('')}</tbody></table>`}
${renderContent('Body', body?.content)}
<h3>Answers</h3><dl>${responses.map(renderResponse).join('')}</dl>
</details>`;
}

function renderParameter(parameter: OpenAPIV3_1.ParameterObject): string {
  const needed = parameter.required === true ? ', needed' : '';
  return `<tr><td><code>${escape(parameter.name)}</code></td><td>${escape(parameter.in)}${needed}</td><td><code>${escape(shortForm(parameter.schema))}</code></td></tr>`;
}

function renderResponse([status, response]: readonly [string, OpenAPIV3_1.ResponseObject]): string {
  const isProblem = Object.keys(response.content ?? {}).some((type) => type.includes('problem'));
  return `<dt><code>${escape(status)}</code></dt><dd>${withCode(response.description)}${isProblem ? '' : renderContent('', response.content)}</dd>`;
}

function renderContent(
  heading: string,
  content: OpenAPIV3_1.RequestBodyObject['content'] | undefined,
): string {
  return Object.entries(content ?? {})
    .map(
      ([type, { schema }]) =>
        `${heading === '' ? '' : `<h3>${escape(heading)}</h3>`}<p><code>${escape(type)}</code></p><pre tabindex="0">${escape(JSON.stringify(schema, undefined, 2))}</pre>`,
    )
    .join('');
}

function shortForm(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return '';
  const { description: _description, $schema: _schema, ...rest } = schema as Record<string, unknown>;
  return JSON.stringify(rest);
}

function withCode(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
