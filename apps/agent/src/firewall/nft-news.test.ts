import { describe, expect, it } from 'vitest'
import { NewsReader, type News } from './nft-news.ts'

const LOST: News = { kind: 'lost' }
const changed = (process: number, isOurs: boolean): News => ({ kind: 'changed', process, isOurs })

describe('what is told of the ruleset', () => {
  it.each<[name: string, pieces: readonly string[], news: readonly News[]]>([
    ['that it begins', ['listening\n'], [{ kind: 'listening' }]],
    ['transactions', ['12 0\n13 1\n'], [changed(12, false), changed(13, true)]],
    ['in pieces', ['list', 'ening\n1', '2', ' 1', '\n'], [{ kind: 'listening' }, changed(12, true)]],
    ['what was lost', ['lost\n12 0\n'], [LOST, changed(12, false)]],
    ['what nobody understands, as lost', ['12 2\n', '\n', 'x 1\n'], [LOST, LOST, LOST]],
    ['nothing of a line that has not ended', ['12 1'], []],
    ['a line without an end, which is not kept', ['9'.repeat(100_000), '9 1\n'], [LOST]],
  ])('%s', (_, pieces, news) => {
    const reader = new NewsReader()
    expect(pieces.flatMap((piece) => reader.read(piece))).toEqual(news)
  })
})
