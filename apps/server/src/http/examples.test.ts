import { PATHS } from '@warder/protocol/paths'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { misfit, type Schema } from '../lab/json-schema.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { ANSWERS } from './answers.ts'
import { EXAMPLES } from './examples.ts'

interface Media {
  readonly schema: Schema
  readonly example?: unknown
}
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}

/** The bodies and the good answers of every call, as they are described. */
async function described(lab: Lab) {
  const { paths } = (await lab.call('GET', PATHS.openapi)).body
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody, responses }]) => {
      const call = `${method.toUpperCase()} ${path}`
      const good = Object.entries(responses).filter(([status]) => status.startsWith('2'))
      const bodies = Object.values(requestBody?.content ?? {})
      const answers = good.flatMap(([, { content }]) => Object.values(content ?? {}))
      return [
        ...bodies.map((media) => ({ call: `body of ${call}`, media })),
        ...answers.map((media) => ({ call: `answer of ${call}`, media })),
      ]
    }),
  )
}

describe('the description of the API', () => {
  it('has an example of every body and of every good answer, which fits its schema', async () => {
    await using lab = await startLab()
    const all = await described(lab)
    const without = all.filter(({ media }) => media.example === undefined).map(({ call }) => call)
    expect(without).toEqual([])
    const wrong = all.map(({ call, media }) => [call, misfit(media.example, media.schema)])
    expect(wrong.filter(([, why]) => why !== null)).toEqual([])
    expect(all.length).toBeGreaterThan(100)
  }, 60_000)

  it('has no example of anything else, and its page shows them', async () => {
    await using lab = await startLab()
    const all = await described(lab)
    const bodies = all.filter(({ call }) => call.startsWith('body of'))
    expect(bodies).toHaveLength(Object.keys(EXAMPLES).length)
    expect(all.length - bodies.length).toBe(Object.keys(ANSWERS).length)
    const page = (await lab.call('GET', PATHS.docs)).body
    expect(page).toContain('logs of every day')
    expect(page).toContain('&#34;activeBans&#34;')
  }, 60_000)
})

/** Answers of a real server to the examples, for `answers.ts`: WARDER_RECORD=1 npm test -- unit apps/server/src/http/examples */
it.runIf(process.env['WARDER_RECORD'] === '1')(
  'are recorded',
  async () => {
    await using lab = await startLab()
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(NOON) })
    const second = new LabNode('pve3')
    await second.join(lab)
    await report(
      link,
      node.record(NOON, failure('203.0.113.9', NOON - 60_000), banned('203.0.113.9', NOON), {
        kind: 'success.found',
        jail: 'sshd',
        ip: '203.0.113.9',
        succeededAt: NOON - 90_000,
        user: 'ada',
        count: 3,
      }),
    )
    await expect.poll(async () => (await lab.as('GET', PATHS.jails)).body.length).toBe(1)
    const recorded: Record<string, unknown> = {}
    const short = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.slice(0, 2).map(short)
      if (value === null || typeof value !== 'object') return value
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, short(each)]))
    }
    const record = async (key: string, path: string, body?: unknown) => {
      const method = key.split(' ')[0] ?? ''
      const wish = body ?? EXAMPLES[key]
      const answer = await lab.as(
        method,
        path,
        ['POST', 'PUT', 'PATCH'].includes(method) ? (wish ?? {}) : undefined,
      )
      if (answer.status >= 400) throw new Error(`${key}: ${JSON.stringify(answer.body)}`)
      if (answer.body !== null) recorded[key] = short(answer.body)
      return answer.body
    }
    const at = (method: string, path: string) => `${method} ${path.replaceAll('%3A', ':')}`
    const P = PATHS
    for (const path of [
      P.session,
      P.ownAccount,
      P.ownSessions,
      P.overview,
      P.timeline,
      P.bans,
      P.events,
      P.nodes,
      P.jails,
    ])
      await record(at('GET', path), path)
    await record(at('GET', P.address(':ip')), P.address('203.0.113.9'))
    for (const path of [P.addresses, P.countries, P.topics]) await record(at('GET', path), path)
    await record(at('GET', P.node(':node')), P.node('pve1'))
    await record(at('POST', P.accounts), P.accounts)
    const accounts = await record(at('GET', P.accounts), P.accounts)
    const bob = accounts.find((one: { name: string }) => one.name === 'bob').id
    await record(at('PATCH', P.account(':id')), P.account(bob))
    await record(at('POST', P.accountInvitation(':id')), P.accountInvitation(bob))
    for (const [method, path] of [
      ['POST', P.tokens],
      ['GET', P.tokens],
      ['POST', P.joinCodes],
      ['POST', P.lists],
      ['POST', P.allow],
    ] as const)
      await record(at(method, path), path)
    await record(at('POST', P.lists), P.lists, { name: 'own', kind: 'deny' })
    await record(at('GET', P.list(':list')), P.list('own'))
    await record(at('PATCH', P.list(':list')), P.list('own'), { note: 'seen in the logs of every day' })
    await record(at('POST', P.listEntries(':list')), P.listEntries('own'))
    await record(at('GET', P.listEntries(':list')), P.listEntries('own'))
    await record(at('POST', P.listImport(':list')), P.listImport('own'))
    recorded[at('POST', P.listFetch(':list'))] = recorded[at('POST', P.listImport(':list'))]
    await record(at('GET', P.lists), P.lists)
    await record(at('PUT', P.group(':group')), P.group('edge'))
    await record(at('PUT', P.groupJailSettings(':group', ':jail')), P.groupJailSettings('edge', 'sshd'))
    await record(at('GET', P.groups), P.groups)
    await record(at('PUT', P.jailSettings(':jail')), P.jailSettings('sshd'))
    await record(at('PUT', P.nodeJailSettings(':node', ':jail')), P.nodeJailSettings('pve1', 'sshd'))
    await record(at('PUT', P.fleetSettings), P.fleetSettings)
    await record(at('GET', P.fleetSettings), P.fleetSettings)
    const layers = [
      [P.tuningFleet, P.tuningFleet],
      [P.tuningCluster(':cluster'), P.tuningCluster('lab')],
      [P.tuningGroup(':group'), P.tuningGroup('edge')],
      [P.tuningNode(':node'), P.tuningNode('pve1')],
    ] as const
    for (const [shape, path] of layers) {
      const { revision } = (await lab.as('GET', P.tuning)).body
      await record(at('PUT', shape), path, { ...EXAMPLES[at('PUT', shape)], base: revision })
      await record(at('GET', shape), path)
    }
    const { revision } = await record(at('GET', P.tuning), P.tuning)
    await record(at('PUT', P.tuning), P.tuning, { ...EXAMPLES[at('PUT', P.tuning)], base: revision })
    for (const path of [P.tuningDiff, P.tuningPreview]) await record(at('POST', path), path)
    await record(at('GET', P.revisions), P.revisions)
    await record(at('GET', P.revision(':revision')), P.revision(2))
    await record(at('POST', P.restoreRevision(':revision')), P.restoreRevision(2))
    await record(at('DELETE', P.group(':group')), P.group('edge'))
    await record(at('POST', P.panic), P.panic)
    await record(at('DELETE', P.panic), P.panic)
    await record(at('POST', P.bans), P.bans)
    await record(at('POST', P.unban), P.unban)
    await record(at('DELETE', P.ban(':ip')), P.ban('203.0.113.9'))
    const { order } = await record(at('POST', P.bulkOrders), P.bulkOrders)
    await record(at('GET', P.bulkOrders), P.bulkOrders)
    await record(at('GET', P.bulkOrder(':id')), P.bulkOrder(order.id))
    await record(at('POST', P.undoBulkOrder(':id')), P.undoBulkOrder(order.id))
    const channel = await record(at('POST', P.channels), P.channels)
    await record(at('PUT', P.channel(':id')), P.channel(channel.id))
    await record(at('GET', P.channels), P.channels)
    const rule = await record(at('POST', P.rules), P.rules)
    await record(at('PUT', P.rule(':id')), P.rule(rule.id))
    await record(at('GET', P.rules), P.rules)
    await record(at('GET', P.audit), P.audit)
    for (const path of ['/healthz', '/readyz']) await record(at('GET', path), path)
    // What a lab does not say, or what is not the same for two: written by hand.
    const signedIn = recorded[at('GET', P.session)]
    for (const path of [P.session, P.claim, P.invitation]) recorded[at('POST', path)] = signedIn
    recorded[at('POST', P.ownTotp)] = {
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      uri: 'otpauth://totp/Warder:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Warder',
    }
    const codes = { codes: ['4f6k-9wq2-m7xd', 'p3hz-0v8r-c5tn'] }
    recorded[at('PUT', P.ownTotp)] = recorded[at('POST', P.ownRecoveryCodes)] = codes
    recorded[at('POST', P.channelTest(':id'))] = { ok: true, message: 'ntfy.example took it.', remedy: '' }
    recorded[at('GET', P.deliveries)] = {
      rows: [
        {
          id: 7,
          at: NOON,
          channel: 'ops',
          severity: 'critical',
          title: 'Node pve1 is lost',
          text: 'pve1 has not been connected for three minutes.',
          state: 'sent',
          attempts: 1,
          problem: null,
          nextAt: null,
          finishedAt: NOON + 400,
        },
      ],
      next: null,
    }
    recorded[at('GET', P.nodeFilters(':node'))] = {
      filters: [
        {
          name: 'sshd',
          jails: ['sshd'],
          prefregex: null,
          failregex: ['^Failed password for <F-USER>.*</F-USER> from <ADDR> port \\d+'],
          ignoreregex: [],
          datepattern: null,
          maxlines: 1,
        },
      ],
      cut: false,
    }
    recorded[at('GET', P.nodeHardening(':node'))] = recorded[
      at('POST', P.nodeHardeningFinding(':node', ':finding'))
    ] = {
      findings: [
        {
          id: 'sshd-tries',
          state: 'applied',
          severity: 'low',
          title: 'Tries in one ssh connection',
          cause:
            'sshd takes 3 tries in one connection (/etc/ssh/sshd_config.d/00-warder.conf). Warder sees to it with /etc/ssh/sshd_config.d/00-warder.conf.',
          effect: '',
          fix: 'MaxAuthTries 3 is set in a drop-in of sshd; sshd tests it and is reloaded, never restarted.',
          byHand: ['sshd -t && systemctl reload ssh'],
          undo: 'What was written is taken out again, and sshd is reloaded.',
        },
      ],
    }
    recorded[at('POST', P.nodeDoctor(':node'))] = {
      at: NOON,
      jails: [
        {
          jail: 'sshd',
          source: 'journal',
          verdict: 'alive',
          ip: '203.0.113.77',
          line: 'Failed password for root from 203.0.113.77 port 4000 ssh2',
          hops: [
            { hop: 'write', state: 'ok', ms: 12, said: 'A marked line was written to the journal.' },
            {
              hop: 'read',
              state: 'ok',
              ms: 310,
              said: 'It came back through the source that the jail reads.',
            },
          ],
        },
      ],
      findings: [
        {
          id: 'never-bans',
          state: 'fine',
          severity: 'broken',
          title: 'It never bans',
          cause: 'The firewall enforces what is decided.',
          remedy: '',
        },
      ],
    }
    recorded[at('GET', P.sourceLines(':node', ':source'))] = {
      lines: [
        {
          text: 'Nov 20 12:00:00 pve1 sshd[906]: Failed password for root from 203.0.113.9 port 4000 ssh2',
          writtenAt: NOON,
        },
      ],
      zone: 60,
      cut: false,
    }
    recorded[at('GET', P.bansExport)] = '{"id":1,"node":"pve1","jail":"sshd","ip":"203.0.113.9"}\n'
    recorded[at('GET', P.eventsExport)] =
      '{"seq":1,"node":"pve1","at":1795176000000,"event":{"kind":"ban.expired"}}\n'
    recorded[at('GET', P.openapi)] = { openapi: '3.1.0', info: { title: 'Warder' } }
    recorded[at('GET', '/metrics')] = 'warder_nodes 2\n'
    const rows = Object.entries(recorded)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => `  ${JSON.stringify(key)}: ${quoted(JSON.stringify(value))},`)
    const head =
      '/** Answers of a server, as JSON, by method and pattern of the route. Recorded by examples.test.ts. */\n'
    writeFileSync(
      join(import.meta.dirname, 'answers.ts'),
      `${head}export const ANSWERS: Readonly<Record<string, string>> = {\n${rows.join('\n')}\n}\n`,
    )
  },
  300_000,
)

/** What is drawn at random must not look like a secret that somebody uses. */
const quoted = (json: string): string =>
  `'${json
    .replaceAll(/wdr_[\w-]+/g, 'wdr_…')
    .replaceAll(/warder-join\.[\w.-]+/g, 'warder-join.…')
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")}'`
