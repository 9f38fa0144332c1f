import type { DoctorView, HardeningView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import type { Concern } from './attention.ts'
import { findingsOf, sumOf, type Checked } from './findings.ts'

const setting = (id: string, over: Partial<HardeningView> = {}): HardeningView => ({
  id,
  state: 'found',
  severity: 'medium',
  title: `About ${id}`,
  cause: 'It is so.',
  effect: 'It hinders.',
  fix: 'It is written.',
  byHand: [],
  undo: null,
  ...over,
})
const doctor = (over: Partial<DoctorView> = {}): DoctorView => ({ at: 0, jails: [], findings: [], ...over })
const node = (name: string, over: Partial<Checked> = {}): Checked => ({
  node: name,
  settings: [],
  doctor: null,
  ...over,
})
const concern: Concern = {
  key: 'pve3 lag',
  tone: 'warning',
  title: 'pve3 lags',
  detail: 'Busy.',
  href: '/nodes',
}
const jail = (name: string, verdict: 'alive' | 'partly' | 'broken'): DoctorView['jails'][number] => ({
  jail: name,
  source: 'journal',
  verdict,
  ip: null,
  line: null,
  hops: [
    { hop: 'write', state: 'ok', ms: 1, said: 'Written.' },
    { hop: 'read', state: verdict === 'broken' ? 'broken' : 'ok', ms: null, said: 'It did not come back.' },
  ],
})

describe('findingsOf', () => {
  it('has none where all is well, or nothing was read', () => {
    const fine = [setting('clock', { state: 'fine' }), setting('journald-level', { state: 'applied' })]
    const checked = [node('pve1', { settings: fine, doctor: doctor({ jails: [jail('sshd', 'alive')] }) })]
    expect(findingsOf([], [...checked, node('pve2', { settings: null })])).toEqual([])
  })

  it('puts the urgent first, and what more nodes have before what one has', () => {
    const found = findingsOf(
      [concern],
      [
        node('pve1', { settings: [setting('low', { severity: 'low' }), setting('both')] }),
        node('pve2', { settings: [setting('high', { severity: 'high' }), setting('both')] }),
      ],
    )
    expect(found.map(({ key, urgency }) => [key.split(' ')[1], urgency])).toEqual([
      ['high', 'problem'],
      ['both', 'warning'],
      ['pve3', 'warning'],
      ['low', 'advice'],
    ])
    expect(found[1]?.nodes).toEqual(['pve1', 'pve2'])
    expect(found[2]).toMatchObject({ href: '/nodes', nodes: [] })
  })

  it('tells of several broken jails at once where the cause is the same', () => {
    const report = doctor({ jails: [jail('sshd', 'broken'), jail('proxmox', 'broken')] })
    const found = findingsOf([], [node('pve1', { doctor: report }), node('pve2', { doctor: report })])
    expect(found).toMatchObject([{ title: 'Jails sshd and proxmox are broken', nodes: ['pve1', 'pve2'] }])
  })

  it('keeps nodes apart whose cause is another one', () => {
    const [one, other] = findingsOf(
      [],
      [
        node('pve1', { settings: [setting('level', { cause: 'warning' })] }),
        node('pve2', { settings: [setting('level', { cause: 'err' })] }),
      ],
    )
    expect([one?.nodes, other?.nodes]).toEqual([['pve1'], ['pve2']])
  })

  it('names each broken jail with the hop where it ended, and the known troubles', () => {
    const trouble = { id: 'empty', title: 'The log stays empty', cause: 'No line.', remedy: 'Look there.' }
    const report = doctor({
      jails: [jail('sshd', 'broken'), jail('proxmox', 'partly')],
      findings: [
        { ...trouble, state: 'found', severity: 'broken' },
        { ...trouble, id: 'other', state: 'fine', severity: 'warning' },
      ],
    })
    expect(findingsOf([], [node('pve1', { doctor: report })])).toMatchObject([
      { urgency: 'problem', title: 'Jail sshd is broken', nodes: ['pve1'], cause: 'It did not come back.' },
      { urgency: 'problem', title: 'The log stays empty', remedy: 'Look there.', nodes: ['pve1'] },
    ])
  })
})

describe('sumOf', () => {
  it('counts what is open and what is alive', () => {
    const settings = [setting('a'), setting('b', { state: 'edited' }), setting('c', { state: 'unread' })]
    const report = doctor({ jails: [jail('sshd', 'broken'), jail('proxmox', 'partly')] })
    expect(sumOf(node('pve1', { settings, doctor: report }))).toEqual({ open: 2, alive: 1, jails: 2 })
    expect(sumOf(node('pve1', { settings: null }))).toEqual({ open: 0, alive: 0, jails: 0 })
  })
})
