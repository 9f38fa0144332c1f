import type { JailDefinition } from '@warder/core'
import type { Facts } from '../state/facts.ts'
import { VERSION } from '../version.ts'

const NAME = 'good-jails'

/** The definitions that ran last, kept over restarts: a file that is broken then takes no protection away either. */
export interface GoodJails {
  get(): readonly JailDefinition[]
  put(jails: readonly JailDefinition[]): void
}

export function goodJails(facts: Facts): GoodJails {
  let saved = facts.get(NAME)
  return {
    get() {
      if (saved === null) return []
      const { version, jails } = JSON.parse(saved) as { version: string; jails: readonly JailDefinition[] }
      // Another release may know definitions of another form.
      return version === VERSION ? jails : []
    },
    put(jails) {
      const text = JSON.stringify({ version: VERSION, jails })
      if (text !== saved) facts.set(NAME, text)
      saved = text
    },
  }
}
