// Tables of the pages that list all there is of something: they name neither more nor less than the code.
import { alarm, TOPICS } from '@warder/protocol/api'
import { ROLES, SCOPES } from '@warder/protocol/words'
import { NEVER_WORDS } from '../../packages/core/src/jail/never.ts'
import { describe, expect, it } from 'vitest'
import { CLIENT, COMMANDS } from '../../apps/agent/src/cli/commands.ts'
import { agentConfig } from '../../apps/agent/src/config/schema.ts'
import { FINDINGS } from '../../apps/agent/src/hardening/judge.ts'
import { PROBLEMS } from '../../apps/server/src/deploy/problems.ts'
import { shippedJails } from '../../packages/filters/src/shipped.ts'
import { namesBelow } from './page.ts'
import { PAGES } from './proofs.ts'

/** What older agents said, and no agent says any more. */
const GONE = ['private-network']
const first = (name: string): string => name.split(' ').slice(1, 2).join()

interface Listed {
  readonly page: string
  readonly heading: string
  readonly there: readonly string[]
  /** What a cell's text names; itself where absent. */
  readonly as?: (name: string) => string
}

const LISTED: readonly Listed[] = [
  {
    page: 'docs/cli.md',
    heading: 'The command line',
    there: [...COMMANDS.map(({ name }) => name), CLIENT.name],
    as: first,
  },
  { page: 'docs/jails.md', heading: 'Shipped', there: shippedJails() },
  {
    page: 'docs/never-banned.md',
    heading: 'Who is never banned',
    there: Object.keys(NEVER_WORDS).filter((each) => !GONE.includes(each)),
  },
  { page: 'docs/nodes.md', heading: 'Add nodes over SSH', there: Object.keys(PROBLEMS) },
  { page: 'docs/nodes.md', heading: '`/etc/warder/agent.toml`', there: Object.keys(agentConfig.shape) },
  { page: 'docs/notifications.md', heading: 'What is told', there: Object.keys(TOPICS) },
  { page: 'docs/people.md', heading: 'Roles', there: ROLES },
  { page: 'docs/people.md', heading: 'API tokens', there: SCOPES },
  {
    page: 'docs/operate/hardening.md',
    heading: 'What hinders protection, and how to put it right',
    there: FINDINGS,
  },
  { page: 'docs/operate/monitoring.md', heading: 'Alarms', there: alarm.shape.kind.options },
]

describe('tables of the pages', () => {
  it.each(LISTED)(
    '$page has all there is under $heading',
    ({ page, heading, there, as = (name) => name }) => {
      const found = PAGES.find(({ file }) => file === page)
      const named = found === undefined ? [] : namesBelow(found, heading).map(as)
      expect([...new Set(named)].toSorted()).toEqual([...there].toSorted())
    },
  )
})
