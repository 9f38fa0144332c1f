import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { toAgentConfig } from '../config/load.ts'
import { lookAround, parseMembers } from './surroundings.ts'

const MEMBERS = JSON.stringify({
  nodename: 'pve1',
  version: 4,
  cluster: { name: 'vault', version: 3, nodes: 2, quorate: 1 },
  nodelist: { pve1: { id: 1, online: 1, ip: '192.0.2.1' }, pve2: { id: 2, online: 0, ip: '192.0.2.2' } },
})

describe('the cluster of a node', () => {
  it.each([
    ['a cluster', MEMBERS, { name: 'vault', nodes: ['192.0.2.1', '192.0.2.2'] }],
    ['a single node', '{"nodename":"pve1","version":1}', { name: null, nodes: [] }],
    ['half a file', '{"nodename"', { name: null, nodes: [] }],
    ['something else', '{"nodelist":[1]}', { name: null, nodes: [] }],
  ])('%s', (_, text, cluster) => {
    expect(parseMembers(text)).toEqual(cluster)
  })

  it('is found beside the own addresses and the server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warder-pve-'))
    await writeFile(join(folder, '.members'), MEMBERS)
    const config = toAgentConfig({ pve_dir: folder, server: 'wss://[2001:db8::5]:8008' })
    const around = await lookAround(config, systemClock)
    expect(around.own).toContain('127.0.0.1')
    expect(around.members).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(around.server).toEqual(['2001:db8::5'])
    expect(around.cluster).toBe('vault')
    expect((await lookAround({ ...config, cluster: 'named' }, systemClock)).cluster).toBe('named')
    await rm(folder, { recursive: true })
  })
})
