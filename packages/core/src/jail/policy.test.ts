import { describe, expect, it } from 'vitest'
import { addsUp, nodesNeeded, parsePolicy } from './policy.ts'

describe('a sharing policy', () => {
  it.each([
    ['local', 'local', null, false],
    ['cluster', 'cluster', 1, true],
    [' Cluster ', 'cluster', 1, true],
    ['after 1 node', 'after 1 node', 1, false],
    ['after 1 nodes', 'after 1 node', 1, false],
    ['After  2  Nodes', 'after 2 nodes', 2, false],
    ['after 100 nodes', 'after 100 nodes', 100, false],
  ] as const)('%j is %j', (text, policy, nodes, adds) => {
    expect(parsePolicy(text)).toBe(policy)
    expect(nodesNeeded(policy)).toBe(nodes)
    expect(addsUp(policy)).toBe(adds)
  })

  it.each([
    '',
    'fleet',
    'after 0 nodes',
    'after 101 nodes',
    'after two nodes',
    'after 1.5 nodes',
    'after -1 nodes',
  ])('%j is none', (text) => expect(parsePolicy(text)).toBeNull())
})
