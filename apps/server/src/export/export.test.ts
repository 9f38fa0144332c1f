import { PATHS } from '@warder/protocol/paths'
import { describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { NOON, startLab } from '../lab/server.ts'
import { cell, row } from './csv.ts'

describe('a cell of CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-2', `"'-2"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    [' =cmd|x', `"' =cmd|x"`],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    [-5, '-5'],
    [true, 'true'],
    [null, ''],
  ])('of %j is %j', (value, text) => expect(cell(value)).toBe(text))

  it('ends its line as the standard says', () => expect(row(['a', 1, null])).toBe('a,1,\r\n'))
})

describe('an export', () => {
  it('has all rows of the filter, over many pages, in both forms', async () => {
    await using lab = await startLab()
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    const ips = Array.from({ length: 1_200 }, (_, i) => `198.18.${i >> 8}.${i & 255}`)
    for (let from = 0; from < ips.length; from += 200)
      await report(link, node.record(NOON, ...ips.slice(from, from + 200).map((ip) => banned(ip, NOON))))
    const evil = { ...failure('203.0.113.1', NOON), line: '=HYPERLINK("http://x")', user: '@root' } as never
    await report(link, node.record(NOON, evil))

    const ndjson = await lab.as('GET', PATHS.bansExport)
    expect(ndjson.headers.get('content-type')).toContain('application/x-ndjson')
    const lines = ndjson.body.trim().split('\n')
    const found = lines.map((line: string) => JSON.parse(line).ip)
    expect(new Set(found)).toEqual(new Set(ips))
    expect(found).toHaveLength(ips.length)
    const csv = await lab.as('GET', `${PATHS.bansExport}?format=csv&ip=198.18.4.0/24`)
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="bans.csv"')
    const [head, ...rest] = csv.body.trim().split('\r\n')
    expect(head).toMatch(/^id,node,jail,ip,at,until,/)
    expect(rest).toHaveLength(ips.length - 1_024)
    const events = await lab.as('GET', `${PATHS.eventsExport}?format=csv&kind=failure.found`)
    expect(events.body.split('\r\n')[1]).toContain(`203.0.113.1,"'@root",,"'=HYPERLINK(""http://x"")"`)
    expect((await lab.as('GET', `${PATHS.eventsExport}`)).body.trim().split('\n')).toHaveLength(1_201)
    expect((await lab.as('GET', `${PATHS.bansExport}?format=xml`)).status).toBe(400)
    expect((await lab.call('GET', PATHS.bansExport)).status).toBe(401)
    expect((await lab.as('GET', `${PATHS.bansExport}?node=nobody`)).body.code).toBe('node.unknown')
  })
})
