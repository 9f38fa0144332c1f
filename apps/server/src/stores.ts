import { auditStore } from './audit/store.ts'
import { factorStore } from './auth/factor-store.ts'
import { sessionStore } from './auth/session-store.ts'
import { operatorStore } from './auth/store.ts'
import { banList } from './bans/list-store.ts'
import { orderStore } from './bans/order-store.ts'
import { bulkStore } from './bans/bulk-store.ts'
import { banStore } from './bans/store.ts'
import type { Db } from './db/open.ts'
import { transactionsOf } from './db/tx.ts'
import { wordStore } from './db/word-store.ts'
import { enrolmentStore } from './enrolment/store.ts'
import { eventStore } from './events/store.ts'
import { outboxStore } from './ingest/store.ts'
import { entryStore } from './lists/entry-store.ts'
import { keyStore } from './idempotency/key-store.ts'
import { listStore } from './lists/store.ts'
import { channelStore } from './notifications/channel-store.ts'
import { deliveryStore } from './notifications/delivery-store.ts'
import { ruleStore } from './notifications/rule-store.ts'
import type { Vault } from './notifications/vault.ts'
import { nodeStore, reportStore } from './nodes/store.ts'
import { counterStore } from './timeline/store.ts'
import { suspensionStore } from './panic/store.ts'
import { shareStore } from './sharing/store.ts'
import { successStore } from './successes/store.ts'
import { tokenStore } from './tokens/store.ts'
import { answerStore } from './tuning/answer-store.ts'
import { tuningStore } from './tuning/store.ts'

export type Stores = ReturnType<typeof openStores>

/** Every store over one database. */
export const openStores = (db: Db, vault: Vault) => ({
  transaction: transactionsOf(db),
  answers: answerStore(db),
  audit: auditStore(db),
  bans: banStore(db),
  bulk: bulkStore(db),
  banList: banList(db),
  channels: channelStore(db, vault),
  counters: counterStore(db),
  deliveries: deliveryStore(db),
  enrolment: enrolmentStore(db),
  entries: entryStore(db),
  events: eventStore(db),
  factors: factorStore(db, vault),
  keys: keyStore(db, vault),
  lists: listStore(db),
  nodes: nodeStore(db),
  operators: operatorStore(db),
  orders: orderStore(db),
  outboxes: outboxStore(db),
  reports: reportStore(db),
  rules: ruleStore(db),
  sessions: sessionStore(db),
  shares: shareStore(db),
  successes: successStore(db),
  suspensions: suspensionStore(db),
  tokens: tokenStore(db),
  tuning: tuningStore(db),
  words: wordStore(db),
})
