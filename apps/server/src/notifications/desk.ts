import type { EpochMs } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import type { SilenceView } from '@warder/protocol/api'
import type { Transaction } from '../storage/transaction.ts'
import type { ChannelStore } from './channel-store.ts'
import { due, familyOf, taken, type Decision, type Group } from './collapse.ts'
import type { DeliveryStore } from './delivery-store.ts'
import { toldOf, type Rule } from './match.ts'
import type { Notice } from './notice.ts'
import { notificationOf } from './notification.ts'
import type { GroupKey, RuleStore } from './rule-store.ts'
import { heldBack, holding, saidLate, type Silence } from './silence.ts'
import type { SilenceStore } from './silence-store.ts'

/** What is older is no news: an agent that was away for days tells of it, and nobody is woken up. */
const NEWS_MS = 86_400_000
/** Most deliveries that wait for one channel; older ones give way. */
const WAITING = 200

export interface DeskParts {
  readonly clock: Clock
  readonly log: Logger
  readonly transaction: Transaction
  readonly channels: ChannelStore
  readonly rules: RuleStore
  readonly deliveries: DeliveryStore
  readonly silence: SilenceStore
  /** Something waits to be delivered. */
  onWaiting(): void
}

/** Takes what became of a group; `held`: the silence that had held it up. */
type Decide = (rule: Rule, key: GroupKey, made: Decision, held?: Silence) => void

interface Open {
  readonly key: GroupKey
  group: Group
}

const textOf = ({ ruleId, channelId, family }: GroupKey): string => `${ruleId}/${channelId}/${family}`

/** Decides with the rules what is told of notices, collects, and puts what is told into the queue. */
export class Desk {
  readonly #parts: DeskParts
  #rules: readonly Rule[]
  readonly #open: Map<string, Open>
  readonly #changed = new Map<string, GroupKey>()
  #silence: Silence | null

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#rules = parts.rules.all()
    this.#silence = parts.silence.get()
    this.#open = new Map(parts.rules.groups().map(({ group, ...key }) => [textOf(key), { key, group }]))
  }

  get rules(): readonly Rule[] {
    return this.#rules
  }

  /** The silence that holds now. */
  get silence(): Silence | null {
    return holding(this.#silence, this.#parts.clock.now())
  }

  /** What the silence holds back so far. */
  get held(): SilenceView['held'] {
    return heldBack([...this.#open.values()].map(({ group }) => group))
  }

  /** Begins a silence in place of the one that holds, or ends it: what it holds back and the new one does not is told now. */
  hush(silence: Silence | null): void {
    const now = this.#parts.clock.now()
    this.#parts.silence.put(silence)
    this.#silence = silence
    for (const open of this.#open.values()) {
      const held = open.group.silence
      if (held === undefined) continue
      open.group = { ...open.group, dueAt: now, silence: { ...held, until: Math.min(held.until, now) } }
    }
    this.tick()
  }

  /** Takes notices in, in their order. */
  take(notices: readonly Notice[]): void {
    const now = this.#parts.clock.now()
    const news = notices.filter(({ at }) => now - at <= NEWS_MS)
    if (news.length === 0 || this.#rules.length === 0) return
    this.#carryOut(now, (decide) => {
      for (const notice of news)
        for (const { rule, channelId } of toldOf(this.#rules, notice)) {
          const key = { ruleId: rule.id, channelId, family: familyOf(rule, notice.topic) }
          const group = this.#open.get(textOf(key))?.group ?? null
          decide(rule, key, taken(rule, group, notice, { now, silence: this.#silence }))
        }
    })
  }

  /** Tells what is due. */
  tick(): void {
    const now = this.#parts.clock.now()
    const ripe = [...this.#open.values()].filter(({ group }) => group.dueAt <= now)
    if (ripe.length === 0) return
    this.#carryOut(now, (decide) => {
      for (const { key, group } of ripe) {
        const rule = this.#rules.find(({ id }) => id === key.ruleId)
        const wanted = rule?.enabled === true && rule.channels.includes(key.channelId)
        if (rule !== undefined && wanted)
          decide(rule, key, due(rule, group, { now, silence: this.#silence }), group.silence)
        else this.#hold(key, null)
      }
    })
  }

  /** The rules were changed: what they have collected is told now, by what they say now. */
  reload(changed: number | null = null): void {
    this.#rules = this.#parts.rules.all()
    for (const open of this.#open.values())
      if (open.key.ruleId === changed) open.group = { ...open.group, dueAt: 0 }
    this.tick()
  }

  #carryOut(now: EpochMs, work: (decide: Decide) => void): void {
    let waiting = false
    this.#parts.transaction(() => {
      work((rule, key, { group, send, more }, held) => {
        if (send !== null) {
          const told = notificationOf(rule, send, more)
          const late = held === undefined ? told : saidLate(told, held, rule.zone)
          waiting = this.#queue(key.channelId, late, now) || waiting
        }
        this.#hold(key, group)
      })
      this.#write()
    })
    if (waiting) this.#parts.onWaiting()
  }

  /** False where the channel takes nothing. */
  #queue(channelId: number, notification: ReturnType<typeof notificationOf>, now: EpochMs): boolean {
    const { channels, deliveries, log } = this.#parts
    const channel = channels.byId(channelId)
    if (channel === null || !channel.enabled) return false
    const over = deliveries.waiting(channelId) - WAITING + 1
    if (over > 0) {
      log.warn({ channel: channel.name, dropped: over }, 'too many notifications wait for a channel')
      deliveries.dropOldest(channelId, over, {
        problem: `More than ${WAITING} waited for this channel.`,
        at: now,
      })
    }
    deliveries.add(channel, notification, now)
    return true
  }

  /** Remembers a group; it is written once however many notices went into it. */
  #hold(key: GroupKey, group: Group | null): void {
    const text = textOf(key)
    if (group === null) this.#open.delete(text)
    else this.#open.set(text, { key, group })
    this.#changed.set(text, key)
  }

  #write(): void {
    for (const [text, key] of this.#changed)
      this.#parts.rules.keepGroup(key, this.#open.get(text)?.group ?? null)
    this.#changed.clear()
  }
}
