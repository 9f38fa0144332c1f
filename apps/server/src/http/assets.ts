import fastifyStatic from '@fastify/static'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '@warder/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './app.ts'

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Warder</title>
<p>Warder runs, but its dashboard has not been built yet.
<p>Run <code>npm run build</code> in the repository and reload this page. The API is at
<a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</html>
`

/** Where the dashboard's files are when nothing else is said: beside a bundle, or built in the repository. */
export function shippedWebRoot(): string {
  const places = ['./web/', '../../../web/dist/'].map((at) => fileURLToPath(new URL(at, import.meta.url)))
  return places.find((place) => existsSync(place)) ?? places[1] ?? ''
}

/** The page as it is built names its files from where it lies; it is shown at many paths, so they are named from the top. */
const below = (html: string, basePath: string): string =>
  html
    .replaceAll(/(src|href)="\.\//g, `$1="${basePath}/`)
    .replace('name="warder-base" content=""', `name="warder-base" content="${basePath}"`)

const isPage = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && !/^\/(api|assets)(\/|$|\?)/.test(request.url)

/**
 * Serves the dashboard. Files under /assets have their hash in the name and are kept for ever; every other
 * path outside of /api is a page of the dashboard, which is index.html. Asked for at each request, so that a
 * build while the server runs is seen.
 */
export async function serveAssets(app: App, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webRoot,
    serve: false,
    cacheControl: false,
    suppressWarning: true,
    dotfiles: 'ignore',
  })

  const page = async (): Promise<string | null> => {
    const html = await readFile(join(webRoot, 'index.html'), 'utf8').catch(() => null)
    return html === null ? null : below(html, app.basePath)
  }
  const sendPage = async (reply: FastifyReply): Promise<FastifyReply> => {
    const html = await page()
    return html !== null
      ? reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html)
      : reply.code(503).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(NOT_BUILT)
  }

  app.get('/assets/*', { config: { access: 'public' }, schema: { hide: true } }, (request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .sendFile(decodeURIComponent(request.url.split('?')[0] ?? '').slice(1)),
  )
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) {
      reply.header('cache-control', 'no-store')
      throw new AppError('route.unknown')
    }
    const file = request.url.split('?')[0] ?? '/'
    if (/^\/[\w-]+\.[a-z]+$/.test(file) && existsSync(join(webRoot, file))) {
      return reply.header('cache-control', 'no-cache').sendFile(file.slice(1))
    }
    return sendPage(reply)
  })
}
