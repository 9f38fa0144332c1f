import type { ChannelKind } from '@warder/protocol/api'
import type { Secrets, Settings } from './channel/kinds.ts'

/** A channel as it is kept. `secrets` is null when they were sealed with a key that is gone. */
export interface ChannelRow {
  readonly id: number
  readonly kind: ChannelKind
  readonly name: string
  readonly enabled: boolean
  readonly settings: Settings
  readonly secretNames: readonly string[]
  readonly secrets: Secrets | null
}

/** What is written of a channel. */
export type NewChannel = Pick<ChannelRow, 'kind' | 'name' | 'enabled' | 'settings'> & {
  readonly secrets: Secrets
}

/** Channels, their secrets sealed. */
export interface ChannelStore {
  all(): readonly ChannelRow[]
  byId(id: number): ChannelRow | null
  add(channel: NewChannel): number
  change(id: number, channel: NewChannel): void
  remove(id: number): void
}
