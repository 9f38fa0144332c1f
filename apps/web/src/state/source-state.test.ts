import type { NodeView } from '@warder/protocol/api'
import { expect, it } from 'vitest'
import { nodeSample } from '../sample/sample.ts'
import { sourceState } from './source-state.ts'

it.each([
  ['online', 'reading', 'good'],
  ['offline', 'reading', 'off'],
  ['online', 'waiting', 'off'],
  ['online', 'lost', 'problem'],
  ['offline', 'lost', 'problem'],
] as const)('a node that is %s, its source %s: %s', (state: NodeView['state'], source, mark) => {
  expect(sourceState(nodeSample('pve1', { state }), source)).toEqual({ mark, word: source })
})
