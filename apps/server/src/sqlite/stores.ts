import type { Vault } from '../notifications/vault.ts'
import type { Stores } from '../storage/stores.ts'
import { answerStore } from './answer-store.ts'
import { auditStore } from './audit-store.ts'
import { banList } from './ban-list.ts'
import { banStore } from './ban-store.ts'
import { bulkStore } from './bulk-store.ts'
import { channelStore } from './channel-store.ts'
import { counterStore } from './counter-store.ts'
import { deliveryStore } from './delivery-store.ts'
import { enrolmentStore } from './enrolment-store.ts'
import { entryStore } from './entry-store.ts'
import { eventStore } from './event-store.ts'
import { factorStore } from './factor-store.ts'
import { keyStore } from './key-store.ts'
import { listStore } from './list-store.ts'
import { nodeStore, reportStore } from './node-store.ts'
import type { Db } from './open.ts'
import { operatorStore } from './operator-store.ts'
import { orderStore } from './order-store.ts'
import { outboxStore } from './outbox-store.ts'
import { ruleStore } from './rule-store.ts'
import { sessionStore } from './session-store.ts'
import { shareStore } from './share-store.ts'
import { silenceStore } from './silence-store.ts'
import { successStore } from './success-store.ts'
import { suspensionStore } from './suspension-store.ts'
import { tokenStore } from './token-store.ts'
import { tuningStore } from './tuning-store.ts'
import { transactionsOf } from './tx.ts'

/** Every store over one database. */
export const openStores = (db: Db, vault: Vault): Stores => ({
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
  silence: silenceStore(db),
  successes: successStore(db),
  suspensions: suspensionStore(db),
  tokens: tokenStore(db),
  tuning: tuningStore(db),
})
