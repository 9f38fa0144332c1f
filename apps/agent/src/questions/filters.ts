import type { FilterDefinition } from '@warder/core'
import { ANSWER_LIMIT_BYTES, type FilterReport } from '@warder/protocol'
import type { Decision } from '../settings/decide.ts'

const MOST_FILTERS = 500
const MOST_EXPRESSIONS = 1_000
const LONGEST_EXPRESSION = 50_000

/**
 * The filters of all jails, whether they run or not, each as it is used: a filter with other parameters is another
 * one. Those in use come first, so that what does not fit is what nobody runs. `cut`: some are left out.
 */
export function filtersOf(
  decisions: readonly Decision[],
  limitBytes = ANSWER_LIMIT_BYTES,
): { readonly filters: FilterReport[]; readonly cut: boolean } {
  const found = new Map<string, FilterReport>()
  const used = decisions.toSorted((one, other) => rank(one) - rank(other))
  for (const decision of used) {
    const definition = definitionOf(decision)
    if (definition === null) continue
    const report = toReport(definition, decision.name)
    const key = JSON.stringify({ ...report, jails: [] })
    const known = found.get(key)
    if (known) known.jails.push(decision.name)
    else found.set(key, report)
  }
  const filters: FilterReport[] = []
  let room = limitBytes
  for (const report of found.values()) {
    const bytes = Buffer.byteLength(JSON.stringify(report)) + 1
    if (bytes > room || filters.length >= MOST_FILTERS || !fits(report)) continue
    room -= bytes
    filters.push(report)
  }
  return { filters, cut: filters.length < found.size }
}

const rank = ({ state }: Decision): number => (state === 'disabled' ? 1 : 0)

function definitionOf(decision: Decision): FilterDefinition | null {
  return decision.state === 'running' ? decision.jail.definition.filter : (decision.definition ?? null)
}

function toReport(definition: FilterDefinition, jail: string): FilterReport {
  const { name, prefregex, failregex, ignoreregex, datepattern, maxlines } = definition
  return {
    name: name.slice(0, 64),
    jails: [jail],
    prefregex: prefregex ?? null,
    failregex: [...failregex],
    ignoreregex: [...ignoreregex],
    datepattern: datepattern ?? null,
    maxlines: Math.max(1, maxlines),
  }
}

/** What is beyond this does not compile either. */
function fits({ prefregex, failregex, ignoreregex, datepattern, jails }: FilterReport): boolean {
  const texts = [prefregex ?? '', datepattern ?? '', ...failregex, ...ignoreregex]
  return (
    texts.every((text) => text.length <= LONGEST_EXPRESSION) &&
    failregex.length <= MOST_EXPRESSIONS &&
    ignoreregex.length <= MOST_EXPRESSIONS &&
    jails.length <= MOST_FILTERS
  )
}
