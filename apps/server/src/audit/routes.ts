import { auditPage, auditQuery } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { App } from '../http/app.ts'
import { fromCursor, toPage } from '../http/cursor.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { AuditStore } from './store.ts'

/** GET /audit. */
export function auditRoutes(app: App, { audit }: { audit: AuditStore }): void {
  app.get(
    PATHS.audit,
    {
      schema: {
        tags: ['audit'],
        summary: 'Who changed what',
        description:
          'Every call that changed something or read log lines of a node, newest first: the operator or `token:<name>`, their address, and what was before and after. Entries are never changed or removed.',
        querystring: auditQuery,
        response: { 200: auditPage, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { cursor, limit } }) =>
      toPage(audit.page(fromCursor(cursor), limit + 1), limit, ({ at, id }) => ({ at, id })),
  )
}
