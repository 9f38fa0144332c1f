import type { AuditStore } from '../audit/store.ts'
import type { FactorStore } from '../auth/factor-store.ts'
import type { SessionStore } from '../auth/session-store.ts'
import type { OperatorStore } from '../auth/store.ts'
import type { BulkStore } from '../bans/bulk-store.ts'
import type { BanList } from '../bans/list-store.ts'
import type { OrderStore } from '../bans/order-store.ts'
import type { BanStore } from '../bans/store.ts'
import type { EnrolmentStore } from '../enrolment/store.ts'
import type { EventStore } from '../events/store.ts'
import type { KeyStore } from '../idempotency/key-store.ts'
import type { OutboxStore } from '../ingest/store.ts'
import type { EntryStore } from '../lists/entry-store.ts'
import type { ListStore } from '../lists/store.ts'
import type { NodeStore, ReportStore } from '../nodes/store.ts'
import type { ChannelStore } from '../notifications/channel-store.ts'
import type { DeliveryStore } from '../notifications/delivery-store.ts'
import type { RuleStore } from '../notifications/rule-store.ts'
import type { SilenceStore } from '../notifications/silence-store.ts'
import type { SuspensionStore } from '../panic/store.ts'
import type { ShareStore } from '../sharing/store.ts'
import type { SuccessStore } from '../successes/store.ts'
import type { CounterStore } from '../timeline/store.ts'
import type { TokenStore } from '../tokens/store.ts'
import type { AnswerStore } from '../tuning/answer-store.ts'
import type { TuningStore } from '../tuning/store.ts'
import type { Transaction } from './transaction.ts'

/** What is kept, by subject. Each feature says beside itself what it asks of its store; a backend has all of them. */
export interface Stores {
  readonly transaction: Transaction
  readonly answers: AnswerStore
  readonly audit: AuditStore
  readonly bans: BanStore
  readonly bulk: BulkStore
  readonly banList: BanList
  readonly channels: ChannelStore
  readonly counters: CounterStore
  readonly deliveries: DeliveryStore
  readonly enrolment: EnrolmentStore
  readonly entries: EntryStore
  readonly events: EventStore
  readonly factors: FactorStore
  readonly keys: KeyStore
  readonly lists: ListStore
  readonly nodes: NodeStore
  readonly operators: OperatorStore
  readonly orders: OrderStore
  readonly outboxes: OutboxStore
  readonly reports: ReportStore
  readonly rules: RuleStore
  readonly sessions: SessionStore
  readonly shares: ShareStore
  readonly silence: SilenceStore
  readonly successes: SuccessStore
  readonly suspensions: SuspensionStore
  readonly tokens: TokenStore
  readonly tuning: TuningStore
}
