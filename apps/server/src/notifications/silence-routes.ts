import { silenceBody, silenceView, type SilenceView } from '@warder/protocol/api'
import type { Clock } from '@warder/daemon'
import { PATHS } from '@warder/protocol/paths'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { Notifications } from './notifications.ts'

export interface SilenceParts {
  readonly clock: Clock
  readonly notifications: Notifications
  readonly note: Note
}

/** /notifications/silence: nobody is told anything for a while. */
export function silenceRoutes(app: App, { clock, notifications: { desk }, note }: SilenceParts): void {
  const view = (): SilenceView => ({ silence: desk.silence, held: [...desk.held] })
  const TARGET = 'notifications'

  app.get(
    PATHS.silence,
    {
      schema: {
        tags: ['notifications'],
        summary: 'Whether notifications are silenced',
        description: 'The silence that holds, and how much it holds back so far.',
        response: { 200: silenceView, ...ERROR_ANSWERS },
      },
    },
    async () => view(),
  )

  app.put(
    PATHS.silence,
    {
      schema: {
        tags: ['notifications'],
        summary: 'Silence notifications for a while',
        description:
          'From now on, in place of a silence that holds. What happens is collected and told together at its end, which comes by itself; what already waits for a channel is delivered. What is critical is told all the same unless the body says otherwise.',
        body: silenceBody,
        response: { 200: silenceView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { seconds, critical } = request.body
      const from = clock.now()
      const silence = { from, until: from + seconds * 1_000, by: requesterOf(request), critical }
      note(request, {
        action: 'notifications.silence',
        target: TARGET,
        before: desk.silence,
        after: silence,
      })
      desk.hush(silence)
      return view()
    },
  )

  app.delete(
    PATHS.silence,
    {
      schema: {
        tags: ['notifications'],
        summary: 'End a silence',
        description: 'What it held back is told now. Does nothing where none holds.',
        response: { 200: silenceView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const before = desk.silence
      if (before !== null) {
        note(request, { action: 'notifications.unsilence', target: TARGET, before })
        desk.hush(null)
      }
      return view()
    },
  )
}
