import { PATHS } from '@warder/protocol/paths'
import type { App } from './app.ts'

/** A text for HTML. What goes through here is ours, and is escaped all the same. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: object
  readonly responses?: Readonly<Record<string, unknown>>
}

/** As much of the OpenAPI document as the page shows. */
export interface Described {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
  /** Where it is served; the first counts. */
  readonly servers?: readonly { readonly url: string }[]
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const block = (title: string, value: unknown): string =>
  value === undefined
    ? ''
    : `<details><summary>${title}</summary><pre>${escaped(JSON.stringify(value, null, 2))}</pre></details>`

function operationHtml(path: string, method: string, operation: Operation): string {
  const parameters = operation.parameters ?? []
  const named = parameters.map(({ name, in: place }) => `<code>${escaped(name)}</code> (${escaped(place)})`)
  return `<article><h3><b>${method.toUpperCase()}</b> <code>${escaped(path)}</code></h3>
<p><strong>${escaped(operation.summary ?? '')}.</strong> ${escaped(operation.description ?? '')}</p>
${named.length === 0 ? '' : `<p>Parameters: ${named.join(', ')}</p>`}
${block('Parameters in full', parameters.length === 0 ? undefined : parameters)}${block('Body', operation.requestBody)}${block('Answers', operation.responses)}</article>`
}

/** The OpenAPI document → a page of HTML that needs nothing else: no script, no style sheet, nothing from elsewhere. */
export function docsPage({ info, tags = [], paths = {}, servers = [] }: Described): string {
  const base = servers[0]?.url.replace(/\/$/, '') ?? ''
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const sections = tags.map(({ name, description = '' }) => {
    const own = operations.filter(({ operation }) => operation.tags?.includes(name))
    return `<section id="${escaped(name)}"><h2>${escaped(name)}</h2><p>${escaped(description)}</p>${own
      .map(({ path, method, operation }) => operationHtml(path, method, operation))
      .join('\n')}</section>`
  })
  const contents = tags.map(({ name }) => `<a href="#${escaped(name)}">${escaped(name)}</a>`).join(' · ')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escaped(info.title)} ${escaped(info.version)}: REST API</title></head><body><main><h1>${escaped(info.title)} ${escaped(info.version)}: REST API</h1><p>${escaped(info.description ?? '')} The same as a document for programs: <a href="${escaped(base)}${PATHS.openapi}">openapi.json</a>.</p><nav>${contents}</nav>${sections.join('\n')}</main></body></html>
`
}

/** GET /api/v1/docs. */
export function docsRoute(app: App): void {
  app.get(PATHS.docs, { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(docsPage(app.swagger() as unknown as Described)),
  )
}
