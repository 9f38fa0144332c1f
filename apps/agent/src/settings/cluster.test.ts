import { describe, expect, it } from 'vitest'
import { parseCorosync, parseMembers } from './cluster.ts'

const MEMBERS = JSON.stringify({
  nodename: 'pve1',
  version: 4,
  cluster: { name: 'vault', version: 3, nodes: 2, quorate: 1 },
  nodelist: { pve1: { id: 1, online: 1, ip: '192.0.2.1' }, pve2: { id: 2, online: 0, ip: '192.0.2.2' } },
})

describe('the cluster of a node', () => {
  it.each([
    [
      'a cluster',
      MEMBERS,
      {
        name: 'vault',
        peers: [
          { host: '192.0.2.1', node: 'pve1' },
          { host: '192.0.2.2', node: 'pve2' },
        ],
      },
    ],
    ['a single node', '{"nodename":"pve1","version":1}', { name: null, peers: [] }],
    ['half a file', '{"nodename"', { name: null, peers: [] }],
    ['something else', '{"nodelist":[1]}', { name: null, peers: [] }],
    ['nothing', '', { name: null, peers: [] }],
  ])('%s', (_, text, cluster) => {
    expect(parseMembers(text)).toEqual(cluster)
  })
})

const COROSYNC = `logging {
  debug: off
  to_syslog: yes
}

nodelist {
  node {
    name: pve1
    nodeid: 1
    quorum_votes: 1
    ring0_addr: 10.0.0.1
    ring1_addr: pve1-ring1.example
  }
  node {
    nodeid: 2
    ring0_addr: 10.0.0.2
    #ring1_addr: 10.0.0.99
    ring7_addr: fd00::2
    ring8_addr: 10.0.0.98
    name: pve2
  }
}

quorum {
  provider: corosync_votequorum
  device {
    net {
      host: 10.0.0.97
      ring0_addr: 10.0.0.96
    }
  }
}

totem {
  cluster_name: vault
  interface {
    linknumber: 0
    bindnetaddr: 10.0.0.95
  }
}
`

describe('the rings of corosync', () => {
  it('are the addresses and host names of its nodes', () => {
    expect(parseCorosync(COROSYNC)).toEqual([
      { host: '10.0.0.1', node: 'pve1' },
      { host: 'pve1-ring1.example', node: 'pve1' },
      { host: '10.0.0.2', node: 'pve2' },
      { host: 'fd00::2', node: 'pve2' },
    ])
  })

  it.each([
    ['nothing', ''],
    ['braces alone', '}\n}\n{\n'],
    ['a section that never ends', 'nodelist {\n node {\n ring0_addr: 192.0.2.1\n'],
    ['a ring in no node', 'nodelist {\n ring0_addr: 192.0.2.1\n}\n'],
  ])('%s names nobody', (_, text) => {
    expect(parseCorosync(text)).toEqual([])
  })

  it('end where no cluster is larger', () => {
    const node = ' node {\n ring0_addr: 192.0.2.1\n }\n'
    expect(parseCorosync(`nodelist {\n${node.repeat(5_000)}}\n`)).toHaveLength(2_048)
  })
})
