import { PATHS } from '@warder/protocol/paths'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EXAMPLES } from './examples.ts'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { broken, drawn, misfit, type Chance, type Schema } from '../lab/json-schema.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

interface Described {
  readonly schema: Schema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

interface Operation {
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Described>> }
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: Schema }>> }>>
}

/** What opens a socket of another kind, signs the one who asks out, waits for something outside, or speaks to whatever host is drawn. */
const LEFT_OUT = [`get ${PATHS.live}`, `delete ${PATHS.session}`, `post ${PATHS.deployHostKey}`]
const ROUNDS = 6

function chanceOf(seed: number): Chance {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

async function describedBy(lab: Lab) {
  const { paths } = (await lab.call('GET', PATHS.openapi)).body
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
}

/** The schema of an answer: of its own status, or of the class of it. */
const schemaOf = ({ responses }: Operation, status: number): Schema | undefined => {
  const answer = responses[status] ?? responses[`${Math.floor(status / 100)}XX`]
  return Object.entries(answer?.content ?? {}).find(([type]) => type.includes('json'))?.[1].schema
}

/** A value as it stands in a URL. */
const inUrl = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** A call of an operation with what its schemas ask for; `isBroken`: with something else in one place. */
function drawCall(path: string, operation: Operation, chance: Chance, isBroken: boolean) {
  const where = (place: string) => (operation.parameters ?? []).filter((one) => one.in === place)
  let url = path
  for (const { name, schema } of where('path')) {
    const value = String(drawn(schema, chance)) || 'x'
    url = url.replace(`{${name}}`, encodeURIComponent(value))
  }
  const query = new URLSearchParams()
  for (const { name, schema, required } of where('query'))
    if (required === true || chance() < 0.4)
      query.set(name, inUrl(isBroken && chance() < 0.5 ? broken(0, chance) : drawn(schema, chance)))
  const schema = operation.requestBody?.content['application/json']?.schema
  const whole = schema === undefined ? undefined : drawn(schema, chance)
  return {
    url: query.size > 0 ? `${url}?${query}` : url,
    body: isBroken && whole !== undefined ? broken(whole, chance) : whole,
  }
}

describe('the API', () => {
  it('answers whatever is sent as its description says, and never breaks', async () => {
    await using lab = await startLab()
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(NOON) })
    await report(link, node.record(NOON, banned('203.0.113.9', NOON), failure('203.0.113.9', NOON)))
    const token = (await lab.as('POST', PATHS.tokens, { name: 'fuzzer', scopes: ['admin'], days: null })).body
      .secret
    const chance = chanceOf(7)
    // Questions to the node, which nobody answers here, end by the clock; others are not to end by it.
    let isAskingNode = false
    const timer = setInterval(() => (isAskingNode ? lab.clock.advance(6_000) : null), 50)
    using _ = { [Symbol.dispose]: () => clearInterval(timer) }
    const wrong: string[] = []
    const statuses: number[] = []
    for (const { path, method, operation } of await describedBy(lab)) {
      if (LEFT_OUT.includes(`${method} ${path}`)) continue
      for (let round = 0; round < ROUNDS; round++) {
        const { url, body } = drawCall(path, operation, chance, round % 2 === 1)
        const headers = { authorization: `Bearer ${token}`, 'if-match': '*' }
        isAskingNode = path.startsWith(PATHS.node(''))
        const { status, body: answer } = await lab.call(method.toUpperCase(), url, { body, headers })
        statuses.push(status)
        const schema = schemaOf(operation, status)
        // An answer without words has no schema of JSON.
        const why =
          status >= 500
            ? `${status} ${JSON.stringify(answer)}`
            : answer !== null && typeof answer === 'object' && schema !== undefined
              ? misfit(answer, schema)
              : null
        if (why !== null) wrong.push(`${method} ${url} ${JSON.stringify(body)?.slice(0, 300)}: ${why}`)
      }
    }
    expect(wrong).toEqual([])
    // It is of use only where some of it is taken and some refused.
    for (const kind of [2, 4])
      expect(statuses.filter((status) => Math.floor(status / 100) === kind).length).toBeGreaterThan(60)
    expect((await lab.call('GET', '/healthz')).status).toBe(200)
  }, 120_000)

  it('has examples that fit what they are examples of', async () => {
    await using lab = await startLab()
    const examples = (await describedBy(lab)).flatMap(({ path, method, operation }) => {
      const content = operation.requestBody?.content['application/json']
      const schema = content?.schema
      const example = content?.example ?? Object.values(content?.examples ?? {})[0]?.value
      return schema === undefined || example === undefined
        ? []
        : [{ call: `${method} ${path}`, schema, example }]
    })
    expect(examples).toHaveLength(Object.keys(EXAMPLES).length)
    expect(examples.map(({ call, schema, example }) => [call, misfit(example, schema)])).toEqual(
      examples.map(({ call }) => [call, null]),
    )
  })

  it('describes every call that the dashboard makes', async () => {
    await using lab = await startLab()
    const described = new Set((await describedBy(lab)).map(({ path }) => path.replace(/\{\w+\}/g, '{}')))
    const client = readFileSync(new URL('../../../web/src/api/client.ts', import.meta.url), 'utf8')
    const stream = readFileSync(new URL('../../../web/src/live/stream.ts', import.meta.url), 'utf8')
    const used = [...`${client}${stream}`.matchAll(/PATHS\.(\w+)/g)].map(([, name = '']) => name)
    expect(used.length).toBeGreaterThan(40)
    const paths = Object.entries(PATHS).map(([name, path]): [string, string] => [
      name,
      typeof path === 'string' ? path : path('{}', '{}').replaceAll('%7B%7D', '{}'),
    ])
    const known = new Map(paths)
    const missing = used.filter((name) => !described.has(known.get(name) ?? ''))
    expect(missing).toEqual([])
    // And nothing goes around the client.
    expect(client).not.toMatch(/['"`]\/api\//)
  })

  it('says in each answer how many requests are left', async () => {
    await using lab = await startLab({ config: { requests_per_minute: 60 } })
    const { headers } = await lab.call('GET', PATHS.session)
    expect(['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`))).toEqual([
      '60',
      '59',
      '60',
    ])
  })

  it('is shown as a page that needs nothing from elsewhere', async () => {
    await using lab = await startLab()
    const page = await lab.call('GET', PATHS.docs)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.body).toContain('<code>/api/v1/tuning/preview</code>')
    expect(page.body).not.toMatch(/<(script|link|style|img|iframe)\b|(src|href)=.https?:/)
    const count = (await describedBy(lab)).length
    expect(page.body.match(/<article>/g)).toHaveLength(count)
  })
})
