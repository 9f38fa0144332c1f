import type { Wanted } from './auth/claim.ts'
import type { NewJoin } from './enrolment/join.ts'
import type { App } from './http/app.ts'
import { serveAssets, shippedWebRoot } from './http/assets.ts'
import { tellPast, type NodePast } from './ingest/history.ts'
import { makeParts, type Ingredients } from './parts.ts'
import { limitsOf } from './retention/limits.ts'
import { startRetention } from './retention/retention.ts'
import { addLink, addRoutes } from './routes.ts'

/** What is asked of a server from outside of its app. */
export interface Composed {
  createJoin(minutes: number): NewJoin
  createOperator(who: Wanted): Promise<void>
  tellPast(past: NodePast): number
  /** After this nothing is written any more. */
  stop(): void
}

/** Joins all features to an app. */
export async function compose(app: App, ingredients: Ingredients): Promise<Composed> {
  const { config, clock, logs, stores } = ingredients
  const parts = makeParts(ingredients)
  addRoutes(app, ingredients, parts)
  addLink(app, ingredients, parts)
  await serveAssets(app, config.web_root ?? shippedWebRoot())
  const { ask, upkeep } = ingredients
  const retention = startRetention({ clock, log: logs.retention, ...limitsOf(config), stores, upkeep, ask })
  const {
    claim,
    createJoin,
    fetching,
    hub,
    alarms,
    backups,
    indexing,
    ingest,
    notifications,
    presence,
    previews,
    sharing,
    writer,
  } = parts
  return {
    createJoin,
    async createOperator(who) {
      await claim.createOperator(who)
      const deed = { actor: 'console', address: 'local', action: 'account.create', target: who.name }
      stores.audit.add({ at: clock.now(), ...deed, after: { role: who.role } })
    },
    tellPast: (past) => tellPast({ ...stores, ingest, countryOf: parts.geo.countryOf }, past),
    stop() {
      retention[Symbol.dispose]()
      indexing.stop()
      sharing[Symbol.dispose]()
      alarms.stop()
      backups[Symbol.dispose]()
      fetching.stop()
      previews.stop()
      presence.stop()
      hub.stop()
      notifications.stop()
      writer.stop()
    },
  }
}
