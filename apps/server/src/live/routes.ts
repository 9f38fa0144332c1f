import { PATHS } from '@warder/protocol/paths'
import { AppError } from '@warder/protocol'
import { principalOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS, NOTHING } from '../http/route.ts'
import { openStream, type StreamParts } from './stream.ts'

/** The live stream, a WebSocket. */
export function liveRoutes(app: App, parts: StreamParts): void {
  app.route({
    method: 'GET',
    url: PATHS.live,
    schema: {
      tags: ['live'],
      summary: 'Live stream (WebSocket)',
      description:
        'First send `{"kind":"resume","after":N}` with the number of the last event you saw, or null. The answer is `hello`, what you missed (unless `reset` says to read everything anew), every node as it is now, and then all that happens. Ends with `signed-out` when the session or token does.',
      response: { 101: NOTHING, ...ERROR_ANSWERS },
    },
    handler: () => {
      throw new AppError('input.invalid', 'This path speaks WebSocket.')
    },
    wsHandler: (socket, request) => openStream(socket, principalOf(request), parts),
  })
}
