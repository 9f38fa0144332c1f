import type { ListView } from '@warder/protocol/api'
import { english, t } from '../../language/t.ts'

const KINDS = {
  allow: english('allow|kind of a list'),
  deny: english('deny|kind of a list'),
} as const

/** What a kind of list is called beside its name. */
export const listKind = (kind: ListView['kind']): string => t(KINDS[kind])
