import { readConfiguration } from '@warder/conf'
import {
  compileJail,
  makeMatcher,
  matchesJournal,
  type CompiledFilter,
  type CompiledJail,
  type LogLine,
  type Match,
} from '@warder/core'
import { shippedFiles } from './shipped.ts'

/** Lines as the agent would hand them to a jail → what the jail's filter finds. */
export type Trial = (line: LogLine, now: number) => Match | null

/**
 * A shipped filter ready to be tried, read and compiled the way the agent does it: an entry of the journal that the
 * journalmatch does not name is not looked at. `options` are those of the reference, e.g. `mode=aggressive`. Throws an
 * Error when the filter is broken.
 */
export const tryFilter = (name: string, options = ''): Trial => trialOf(shippedJail(name, options).filter)

/** The same for what a shipped jail takes for logins that went well. Throws an Error where there is no such thing. */
export function trySuccess(name: string): Trial {
  const { success } = shippedJail(name)
  if (success === null) throw new Error(`the jail ${name} knows no successes`)
  return trialOf(success)
}

function trialOf(filter: CompiledFilter): Trial {
  const match = makeMatcher(filter)
  return (line, now) =>
    line.fields === undefined || matchesJournal(filter.journalmatch, line.fields) ? match(line, now) : null
}

/** A shipped jail whose filter has these options, with what `more` sets of it, e.g. `maxretry = 1`. Throws an Error as above. */
export function shippedJail(name: string, options = '', more = ''): CompiledJail {
  const local = new Map([['jail.local', `[${name}]\nfilter = ${name}[${options}]\n${more}\n`]])
  const { jails, problems } = readConfiguration([
    { name: 'shipped', files: shippedFiles() },
    { name: 'trial', files: local },
  ])
  const definition = jails.find((jail) => jail.name === name)
  if (definition === undefined) throw new Error(problems.map(({ message }) => message).join('; '))
  const compiled = compileJail(definition)
  if (!compiled.ok) throw new Error(compiled.problems.join('; '))
  return compiled.jail
}
