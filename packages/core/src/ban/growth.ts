import { FormulaProblem, readFormula, type Formula } from './formula.ts'
import { parseDuration } from '../time/duration.ts'
import { FOREVER, type Seconds } from '../time/epoch.ts'

/** How bans of the same address grow: fail2ban's `bantime.increment` and what belongs to it. */
export interface Growth {
  readonly factor: number
  /** Takes the place of the formula where there are any. */
  readonly multipliers: readonly number[]
  readonly formula: Formula
  /** No grown ban is longer; null: no limit. */
  readonly maxtime: Seconds | null
  /** Up to so much is added by chance. */
  readonly rndtime: Seconds
}

/** A growth, none at all (null), or why the options cannot be used. */
export type GrowthRead =
  { readonly ok: true; readonly growth: Growth | null } | { readonly ok: false; readonly problem: string }

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

function growthOf(option: (name: string) => string | undefined): Growth {
  const written = (name: string): string => option(`bantime.${name}`)?.trim() ?? ''
  return {
    factor: written('factor') === '' ? 1 : valueOf(written('factor')),
    multipliers: written('multipliers')
      .split(/\s+/)
      .filter((text) => text !== '')
      .map(valueOf),
    formula: readFormula(written('formula') === '' ? DOUBLING : written('formula'), NAMES),
    maxtime: durationOf('bantime.maxtime', option('bantime.maxtime')),
    rndtime: durationOf('bantime.rndtime', option('bantime.rndtime')) ?? 0,
  }
}

/** Reads the options `bantime.*` of a jail: `increment`, `factor`, `multipliers`, `formula`, `maxtime`, `rndtime`. */
export function readGrowth(option: (name: string) => string | undefined): GrowthRead {
  if (!/^(?:1|on|true|yes)$/i.test(option('bantime.increment')?.trim() ?? ''))
    return { ok: true, growth: null }
  try {
    return { ok: true, growth: growthOf(option) }
  } catch (error) {
    if (error instanceof FormulaProblem) return { ok: false, problem: error.message }
    throw error
  }
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
