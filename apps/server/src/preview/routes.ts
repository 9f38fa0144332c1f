import { effectiveSettings, TargetSet, type JailSettings } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { PREVIEW_NAMED, previewBody, previewView, type PreviewView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { AskHistory } from '../storage/reads.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { NodeRow, ReportStore } from '../nodes/store.ts'
import { byName } from '../nodes/views.ts'
import { DAY_MS } from '../timeline/buckets.ts'
import { groupOf } from '../tuning/groups.ts'
import type { TuningBook } from '../tuning/tuning.ts'
import type { Banned, Only } from './compare.ts'
import type { PreviewRunner } from './run.ts'

export interface PreviewParts {
  readonly clock: Clock
  readonly runner: PreviewRunner
  readonly ask: AskHistory
  readonly dataDir: string
  readonly tuning: TuningBook
  readonly fleet: FleetNodes
  readonly reports: ReportStore
  /** Addresses from which somebody signed in to the dashboard since a moment. */
  readonly signedInSince: (at: number) => ReadonlySet<string>
  /** What the allow lists name now. */
  readonly allowed: () => readonly string[]
}

const NOTE =
  'Successful logins are known of services whose jail says what they look like, and of this dashboard. What real bans kept away is not in history, so an address that was banned may have come more often than is counted here. Bans that grow with each offence and prefixes of IPv6 are not taken in.'

interface Tried {
  readonly node: NodeRow
  readonly now: JailSettings
  readonly proposed: JailSettings
}

/** POST /tuning/preview. */
export function previewRoutes(app: App, parts: PreviewParts): void {
  const { clock, runner, dataDir, tuning, fleet, reports } = parts

  const triedOn = (node: NodeRow, jail: string, change: Partial<JailSettings>): readonly Tried[] => {
    const configured = reports.status(node.id)?.status.jails.find(({ name }) => name === jail)?.configured
    if (configured === undefined) return []
    const where = { node: node.name, cluster: node.cluster }
    const { settings } = effectiveSettings(configured, tuning.newest().document, where, jail)
    return [{ node, now: settings, proposed: { ...settings, ...change } }]
  }

  app.post(
    PATHS.tuningPreview,
    {
      schema: {
        tags: ['tuning'],
        summary: 'See whom other settings would have banned',
        description:
          'Replays the failures of the last days (at most 7) with the settings of now and with those that are proposed, counted by the code that the nodes run. Nothing is changed.',
        body: previewBody,
        response: { 200: previewView, ...ERROR_ANSWERS },
      },
    },
    async ({ body }): Promise<PreviewView> => {
      const { jail, maxretry, findtime, bantime, days } = body
      const change = {
        ...(maxretry === undefined ? {} : { maxretry }),
        ...(findtime === undefined ? {} : { findtime }),
        ...(bantime === undefined ? {} : { bantime }),
      }
      const { node: asked, group } = body
      const meant =
        group === undefined ? fleet.all() : groupOf(tuning.newest().document, fleet.all(), group).nodes
      const nodes = asked === undefined ? meant.toSorted(byName) : [fleet.known(asked)]
      const tried = nodes.flatMap((node) => triedOn(node, jail, change))
      if (tried.length === 0) throw new AppError('jail.unknown', `No node has a jail "${jail}".`)
      const to = clock.now()
      const from = to - days * DAY_MS
      const began = performance.now()
      const compared = await runner.run({
        folder: dataDir,
        jail,
        from,
        // What came in at this very moment is in.
        to: to + 1,
        trials: tried.map(({ node, now, proposed }) => ({ nodeId: node.id, now, proposed })),
        named: PREVIEW_NAMED,
      })
      const signedIn = parts.signedInSince(from)
      const allowed = new TargetSet(parts.allowed())
      const all = compared.flatMap(({ banned, spared }) => [...banned.addresses, ...spared.addresses])
      const loggedIn = new Map(await parts.ask('successesOf', [...new Set(all.map(({ ip }) => ip))], from))
      const named = ({ total, addresses }: Only) => ({
        total,
        addresses: addresses.map(({ ip, at, bans }: Banned) => ({
          ip,
          at,
          bans,
          signedIn: signedIn.has(ip),
          allowed: allowed.match(ip) !== null,
          successes: loggedIn.get(ip) ?? null,
        })),
      })
      return {
        from,
        to,
        failures: compared.reduce((sum, { failures }) => sum + failures, 0),
        ms: Math.round(performance.now() - began),
        nodes: compared.flatMap((each, at) => {
          const one = tried[at]
          if (one === undefined) return []
          return {
            node: one.node.name,
            failures: each.failures,
            settings: { now: one.now, proposed: one.proposed },
            now: each.now,
            proposed: each.proposed,
            banned: named(each.banned),
            spared: named(each.spared),
          }
        }),
        note: NOTE,
      }
    },
  )
}
