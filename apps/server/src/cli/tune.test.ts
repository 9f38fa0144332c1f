import { PATHS } from '@warder/protocol/paths'
import { systemClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { failure, LabNode, report } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { makeApiCall } from './api-call.ts'
import { readAsked } from './tune-arguments.ts'
import { carryOutAsked } from './tune.ts'

const asked = (line: string) => {
  const read = readAsked(line.split(' '))
  return read.ok ? read.asked : read.problem
}

describe('tuning from the command line', () => {
  it.each([
    [
      'tune sshd --maxretry 3',
      { kind: 'tune', jail: 'sshd', where: { kind: 'fleet' }, settings: { maxretry: 3 }, preview: false },
    ],
    [
      'tune sshd --findtime 10m --bantime -1 --enabled no --policy cluster --group edge --confirm-within 60s --reason storm',
      {
        settings: { findtime: 600, bantime: -1, enabled: false, policy: 'cluster' },
        where: { kind: 'group', name: 'edge' },
        confirmWithin: 60,
        reason: 'storm',
      },
    ],
    ['tune sshd --maxretry inherit --node pve1 --preview', { settings: { maxretry: null }, preview: true }],
    ['history', { kind: 'history', limit: 20 }],
    ['rollback 7', { kind: 'rollback', revision: 7 }],
    ['groups', { kind: 'groups' }],
    ['group edge --nodes pve1,pve2', { kind: 'group', name: 'edge', nodes: ['pve1', 'pve2'] }],
    ['group edge --remove', { nodes: null }],
  ])('%s is understood', (line, wanted) => {
    const args = line.replace('--bantime -1', '--bantime=-1')
    expect(asked(args)).toMatchObject(wanted)
  })

  it.each([
    ['tune', /needs the name of a jail/],
    ['tune sshd', /at least one of/],
    ['tune sshd --maxretry many', /--maxretry does not take "many"/],
    ['tune sshd --maxretry 3 --node a --group b', /not both/],
    ['tune sshd nginx --maxretry 3', /no command of one name/],
    ['tune sshd --maxretry 3 --confirm-within inherit', /takes a time/],
    ['rollback', /number of a revision/],
    ['group edge', /--nodes NAME,NAME or --remove/],
    ['group edge --nodes a --remove', /--nodes NAME,NAME or --remove/],
  ])('%s is not', (line, problem) => expect(asked(line)).toMatch(problem))

  it('asks a running server, follows the nodes, and goes back', async () => {
    await using lab = await startLab()
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(NOON) })
    const minutes = [4, 3, 2].map((ago) => failure('203.0.113.9', NOON - ago * 60_000))
    await report(link, node.record(NOON, ...minutes))
    const { run, said } = await commandLine(lab)
    expect(await run('tune sshd --maxretry 3 --preview')).toBe(0)
    expect(said()).toEqual([
      '3 failures of the last days, nothing was changed',
      'pve1: 0 bans now, 1 then',
      '  banned: 203.0.113.9',
    ])
    const tuned = run('tune sshd --maxretry 3 --reason storm')
    await link.next('settings', ({ settings }) => settings.revision === 1)
    await report(link, node.record(NOON, { kind: 'settings.applied', revision: 1 }))
    expect(await tuned).toBe(0)
    expect(said()).toEqual(['revision 1: sshd on all nodes: maxretry inherited → 3', '  pve1: applied'])
    const group = run('group edge --nodes pve1')
    await link.next('settings', ({ settings }) => settings.revision === 2)
    await report(link, node.record(NOON, { kind: 'settings.refused', revision: 2, reason: 'no' }))
    expect(await group).toBe(1)
    expect(said()).toEqual(['revision 2: group edge: none → pve1', '  pve1: refused, no'])
    await run('groups')
    expect(said()).toEqual(['cluster lab: pve1', 'group edge: pve1'])
    await run('history')
    expect(said()).toEqual([
      expect.stringMatching(/^2  2026-\S+  token:cli  group edge: none → pve1$/),
      expect.stringMatching(/^1  2026-\S+  token:cli  sshd on all nodes: maxretry inherited → 3 \(storm\)$/),
    ])
    const back = run('rollback 1')
    await link.next('settings', ({ settings }) => settings.revision === 3)
    await report(link, node.record(NOON, { kind: 'settings.applied', revision: 3 }))
    expect(await back).toBe(0)
    expect((await lab.as('GET', PATHS.groups)).body.rows).toHaveLength(1)
    await expect(run('tune nothing --maxretry 3')).rejects.toThrow(/No node has a jail/)
  }, 60_000)

  it('says what is missing to reach it', async () => {
    await using lab = await startLab()
    const { config } = lab
    const reach = { server: 'http://127.0.0.1:1', tokenFile: undefined }
    await expect(makeApiCall(reach, config, {})).rejects.toThrow(/WARDER_TOKEN/)
    const call = await makeApiCall(reach, config, { WARDER_TOKEN: 'wdr_x' })
    await expect(call('GET', PATHS.groups)).rejects.toThrow(/cannot be reached/)
    const known = await makeApiCall({ ...reach, server: lab.url }, config, { WARDER_TOKEN: 'wdr_x' })
    await expect(known('GET', PATHS.groups)).rejects.toThrow(/token/i)
  })
})

async function commandLine(lab: Lab) {
  const { secret } = (
    await lab.as('POST', PATHS.tokens, { name: 'cli', scopes: ['read', 'tune'], days: null })
  ).body
  const reach = { server: lab.url, tokenFile: undefined }
  const call = await makeApiCall(reach, lab.config, { WARDER_TOKEN: secret })
  const lines: string[] = []
  return {
    run: async (line: string) => {
      const read = readAsked(line.split(' '))
      if (!read.ok) throw new Error(read.problem)
      return carryOutAsked({ call, clock: systemClock, say: (each) => void lines.push(each) }, read.asked)
    },
    said: () => lines.splice(0),
  }
}
