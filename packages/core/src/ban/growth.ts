import { FormulaProblem, readFormula, type Formula } from './formula.ts'
import { parseDuration } from '../time/duration.ts'
import { FOREVER, type Seconds } from '../time/epoch.ts'

/** How bans of the same address grow, as a jail's definition has it: fail2ban's `bantime.increment` and what belongs to it. */
export interface GrowthDefinition {
  readonly factor: number
  /** Takes the place of the formula where there are any. */
  readonly multipliers: readonly number[]
  /** Arithmetic as Python writes it; null: twice as long each time. */
  readonly formula: string | null
  /** No grown ban is longer; null: no limit. */
  readonly maxtime: Seconds | null
  /** Up to so much is added by chance. */
  readonly rndtime: Seconds
  /** Whether the bans of all jails count, not only those of its own. */
  readonly overalljails: boolean
}

/** A growth that can be worked out. */
export interface Growth extends Omit<GrowthDefinition, 'formula'> {
  readonly formula: Formula
}

/** A growth, none at all (null), or why the options cannot be used. */
export type GrowthRead =
  | { readonly ok: true; readonly growth: GrowthDefinition | null }
  | { readonly ok: false; readonly problem: string }

const DOUBLING = 'ban.Time * (1 << min(ban.Count, 20)) * banFactor'
const NAMES = ['ban.Time', 'ban.Count', 'banFactor']
const NO_NAMES = new Map<string, number>()

/** An arithmetic text without names → its value. Throws FormulaProblem. */
function valueOf(text: string): number {
  const value = readFormula(text, [])(NO_NAMES)
  if (!Number.isFinite(value)) throw new FormulaProblem(`"${text.slice(0, 100)}" has no value`)
  return value
}

function durationOf(option: string, text: string | undefined): Seconds | null {
  if (text === undefined || text.trim() === '') return null
  const seconds = parseDuration(text)
  if (seconds === null) throw new FormulaProblem(`${option} "${text.slice(0, 100)}" is no duration`)
  return seconds
}

const isTrue = (text: string | undefined): boolean => /^(?:1|on|true|yes)$/i.test(text?.trim() ?? '')

function growthOf(option: (name: string) => string | undefined): GrowthDefinition {
  const written = (name: string): string => option(`bantime.${name}`)?.trim() ?? ''
  const formula = written('formula')
  readFormula(formula === '' ? DOUBLING : formula, NAMES)
  return {
    factor: written('factor') === '' ? 1 : valueOf(written('factor')),
    multipliers: written('multipliers')
      .split(/\s+/)
      .filter((text) => text !== '')
      .map(valueOf),
    formula: formula === '' ? null : formula,
    maxtime: durationOf('bantime.maxtime', option('bantime.maxtime')),
    rndtime: durationOf('bantime.rndtime', option('bantime.rndtime')) ?? 0,
    overalljails: isTrue(option('bantime.overalljails')),
  }
}

/**
 * Reads the options `bantime.*` of a jail: `increment`, `factor`, `multipliers`, `formula`, `maxtime`, `rndtime`,
 * `overalljails`.
 */
export function readGrowth(option: (name: string) => string | undefined): GrowthRead {
  if (!isTrue(option('bantime.increment'))) return { ok: true, growth: null }
  try {
    return { ok: true, growth: growthOf(option) }
  } catch (error) {
    if (error instanceof FormulaProblem) return { ok: false, problem: error.message }
    throw error
  }
}

/** A growth from a definition. @throws FormulaProblem where the formula is none */
export function compileGrowth(definition: GrowthDefinition): Growth {
  return { ...definition, formula: readFormula(definition.formula ?? DOUBLING, NAMES) }
}

/** A ban that is to be made. */
export interface Repeat {
  /** What the jail bans for, in seconds. */
  readonly bantime: Seconds
  /** How often the address was banned before. */
  readonly count: number
  /** From 0 up to 1: how much of rndtime is added. Absent: nothing. */
  readonly chance?: number
}

function grown(growth: Growth, { bantime, count }: Repeat): number {
  const { multipliers, factor, formula } = growth
  const multiplier = multipliers[Math.min(count, multipliers.length - 1)]
  if (multiplier !== undefined) return bantime * factor * multiplier
  const names = new Map([
    ['ban.Time', bantime],
    ['ban.Count', count],
    ['banFactor', factor],
  ])
  return Math.max(bantime, formula(names))
}

/**
 * How long an address is banned in seconds, by how often it was banned before. A first ban and one for ever stay as
 * they are. Null: the formula has no value for this ban.
 */
export function grownBantime(growth: Growth | null, repeat: Repeat): Seconds | null {
  const { bantime, count, chance = 0 } = repeat
  if (growth === null || count <= 0 || bantime <= FOREVER) return bantime
  const longer = grown(growth, repeat)
  if (!Number.isFinite(longer)) return null
  return Math.min(longer, growth.maxtime ?? longer) + growth.rndtime * chance
}

/**
 * How often each failure of an address counts that was banned `count` times before: 1, then 2, 3, 5, 9 …, never more
 * than maxretry. A known offender is caught earlier.
 */
export const weightOf = (count: number, maxretry: number): number =>
  count <= 0 ? 1 : Math.min(2 ** (Math.min(count, 20) - 1) + 1, maxretry)
