import { joinCodeBody, joinCodeView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Note } from '../audit/note.ts'
import type { App } from '../http/app.ts'
import { reachedUrl } from '../http/url-prefix.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { NewJoin } from './join.ts'

export interface EnrolmentParts {
  readonly fingerprint: string
  readonly createJoin: (minutes: number) => NewJoin
  readonly note: Note
}

/** POST /join-codes. */
export function enrolmentRoutes(app: App, { fingerprint, createJoin, note }: EnrolmentParts): void {
  app.post(
    PATHS.joinCodes,
    {
      schema: {
        tags: ['nodes'],
        summary: 'Create a join code for a new node',
        description:
          'One agent can enrol with it, once, until it expires. `command` is what to run on the node; the text holds the fingerprint of the server, so that the agent knows whom it talks to.',
        body: joinCodeBody,
        response: { 200: joinCodeView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { join, expiresAt } = createJoin(request.body.minutes)
      note(request, { action: 'join-code.create', target: 'a node', after: { expiresAt } })
      return {
        join,
        fingerprint,
        expiresAt,
        command: `warder enrol ${reachedUrl(request) ?? 'SERVER-URL'} ${join}`,
      }
    },
  )
}
