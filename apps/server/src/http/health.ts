import * as z from 'zod'
import type { App } from './app.ts'

/** GET /healthz and /readyz: whether the server answers and its history can be read. */
export function healthRoute(app: App, { version, isWell }: { version: string; isWell: () => boolean }): void {
  // History is open before the server listens: who can be asked is ready, as long as it is well.
  for (const path of ['/healthz', '/readyz'] as const) addProbe(app, path, { version, isWell })
}

function addProbe(
  app: App,
  path: string,
  { version, isWell }: { version: string; isWell: () => boolean },
): void {
  app.get(
    path,
    {
      config: { access: 'public' },
      schema: {
        tags: ['server'],
        summary: 'Health',
        description: 'For probes: 200 when the server answers and its history can be read, else 503.',
        response: {
          200: z.object({ status: z.literal('ok'), version: z.string() }),
          503: z.object({ status: z.literal('broken'), version: z.string() }),
        },
      },
    },
    async (_request, reply) =>
      isWell() ? ({ status: 'ok', version } as const) : reply.code(503).send({ status: 'broken', version }),
  )
}
