import { describeValue, type SettingValue } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type {
  GroupsView,
  PreviewView,
  RevisionDetail,
  RevisionView,
  SettingsChanged,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { ApiCall } from './api-call.ts'
import type { Asked, Where } from './tune-arguments.ts'

export interface TuneParts {
  readonly call: ApiCall
  readonly clock: Clock
  say(line: string): void
}

/** How long the answers of nodes are waited for, and how often they are looked for (ms). */
const WAIT_MS = 10_000
const AGAIN_MS = 250
/** Most addresses that are named of each kind. */
const NAMED = 10

/** Asks a running server and says what it answered; answers the exit code. */
export async function carryOutAsked(parts: TuneParts, asked: Asked): Promise<number> {
  const { call } = parts
  switch (asked.kind) {
    case 'tune':
      return asked.preview ? preview(parts, asked) : tune(parts, asked)
    case 'history':
      return history(parts, asked.limit)
    case 'rollback': {
      const { revision, confirmWithin, reason } = asked
      const body = { ...bodyOf({ confirmWithin, reason }) }
      return follow(parts, await call('POST', PATHS.restoreRevision(revision), body))
    }
    case 'groups':
      return groups(parts)
    case 'group': {
      const { name, nodes, reason } = asked
      const because = reason === undefined ? '' : `?reason=${encodeURIComponent(reason)}`
      return follow(
        parts,
        nodes === null
          ? await call('DELETE', PATHS.group(name) + because)
          : await call('PUT', PATHS.group(name), { nodes, ...bodyOf({ reason }) }),
      )
    }
  }
}

type Tune = Extract<Asked, { kind: 'tune' }>

/** Without what was not said. */
const bodyOf = (wish: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(wish).filter(([, each]) => each !== undefined))

function pathOf(where: Where, jail: string): string {
  if (where.kind === 'fleet') return PATHS.jailSettings(jail)
  return where.kind === 'node'
    ? PATHS.nodeJailSettings(where.name, jail)
    : PATHS.groupJailSettings(where.name, jail)
}

async function tune(
  parts: TuneParts,
  { jail, where, settings, confirmWithin, reason }: Tune,
): Promise<number> {
  const body = { ...settings, ...bodyOf({ confirmWithin, reason }) }
  return follow(parts, await parts.call('PUT', pathOf(where, jail), body))
}

/** Waits until every node has answered a revision, or for ten seconds, and says what each answered. */
async function follow({ call, clock, say }: TuneParts, changed: SettingsChanged): Promise<number> {
  const { revision } = changed
  const until = clock.now() + WAIT_MS
  const asked = new Set(changed.nodes.map(({ node }) => node))
  let detail = await call<RevisionDetail>('GET', PATHS.revision(revision))
  const meant = () => detail.answers.filter(({ node }) => asked.has(node))
  while (meant().some(({ state }) => state === 'pending') && clock.now() < until) {
    const { promise, resolve } = Promise.withResolvers<void>()
    using _ = clock.after(AGAIN_MS, resolve)
    await promise
    detail = await call<RevisionDetail>('GET', PATHS.revision(revision))
  }
  say(`revision ${revision}: ${detail.summary}`)
  for (const { node, state, reason } of meant())
    say(`  ${node}: ${state}${reason === null ? '' : `, ${reason}`}`)
  return meant().some(({ state }) => state === 'refused') ? 1 : 0
}

async function preview({ call, say }: TuneParts, { jail, where, settings }: Tune): Promise<number> {
  const { maxretry, findtime, bantime } = settings
  const tried = {
    maxretry: maxretry ?? undefined,
    findtime: findtime ?? undefined,
    bantime: bantime ?? undefined,
  }
  const place = where.kind === 'fleet' ? {} : { [where.kind]: where.name }
  const view = await call<PreviewView>('POST', PATHS.tuningPreview, { jail, ...place, ...bodyOf(tried) })
  say(`${view.failures} failures of the last days, nothing was changed`)
  for (const { node, now, proposed, banned, spared } of view.nodes) {
    say(`${node}: ${now.bans} bans now, ${proposed.bans} then`)
    for (const [word, only] of [
      ['banned', banned],
      ['spared', spared],
    ] as const) {
      for (const { ip, signedIn, allowed, successes } of only.addresses.slice(0, NAMED)) {
        const known = [
          ...(successes === null ? [] : [`logged in ${successes.count} times`]),
          ...(signedIn ? ['signed in to the dashboard'] : []),
          ...(allowed ? ['allowed'] : []),
        ]
        say(`  ${word}: ${ip}${known.length === 0 ? '' : ` (${known.join(', ')})`}`)
      }
      const rest = only.total - Math.min(only.addresses.length, NAMED)
      if (rest > 0) say(`  ${word}: ${rest} more`)
    }
  }
  return 0
}

async function history({ call, say }: TuneParts, limit: number): Promise<number> {
  const { rows } = await call<{ rows: readonly RevisionView[] }>('GET', `${PATHS.revisions}?limit=${limit}`)
  for (const { revision, at, by, summary, reason } of rows) {
    const because = reason === null ? '' : ` (${reason})`
    say(`${revision}  ${new Date(at).toISOString()}  ${by}  ${summary}${because}`)
  }
  if (rows.length === 0) say('Nothing was tuned yet: every node runs what its own files say.')
  return 0
}

async function groups({ call, say }: TuneParts): Promise<number> {
  const { rows } = await call<GroupsView>('GET', PATHS.groups)
  for (const { name, kind, nodes, jails } of rows) {
    say(`${kind} ${name}: ${nodes.join(', ') || 'no nodes'}`)
    for (const [jail, settings] of Object.entries(jails)) {
      const words = Object.entries(settings).map(
        ([key, each]) => `${key} ${describeValue(key as 'maxretry', each as SettingValue)}`,
      )
      say(`  ${jail}: ${words.join(', ')}`)
    }
  }
  if (rows.length === 0) say('No group, and no node is in a cluster.')
  return 0
}
