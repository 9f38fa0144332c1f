import { readTarget } from '@warder/core'
import type { Logger } from '@warder/daemon'
import type { Place } from '@warder/protocol/api'
import { readFileSync } from 'node:fs'
import { Mmdb, type MmdbValue } from './mmdb.ts'

/** Which addresses are remembered; they come again and again. */
const REMEMBERED = 20_000

/** Says where addresses are at home. */
export interface Geo {
  /** Null where nothing is known, or no database was named. */
  of(target: string): Place | null
  /** The country alone, empty where it is not known. */
  countryOf(target: string): string
}

export interface GeoFiles {
  readonly country?: string
  readonly asn?: string
}

/**
 * Opens the databases that the operator named. One that cannot be read is left out with a word in the log: nothing
 * that protects anybody depends on it.
 */
export function openGeo(files: GeoFiles, log: Logger): Geo {
  const open = (file: string | undefined): Mmdb | null => {
    if (file === undefined) return null
    try {
      return new Mmdb(readFileSync(file))
    } catch (err) {
      log.warn(
        { file, reason: err instanceof Error ? err.message : String(err) },
        'a database of addresses cannot be read and is left out',
      )
      return null
    }
  }
  return makeGeo(open(files.country), open(files.asn))
}

function makeGeo(country: Mmdb | null, asn: Mmdb | null): Geo {
  const known = new Map<string, Place | null>()
  const look = (target: string): Place | null => {
    const bytes = bytesOf(target)
    if (bytes === null) return null
    try {
      const [where, whose] = [country?.find(bytes) ?? null, asn?.find(bytes) ?? null]
      return where === null && whose === null ? null : placeOf(where, whose)
    } catch {
      // A damaged record is as good as none.
      return null
    }
  }
  const of = (target: string): Place | null => {
    if (country === null && asn === null) return null
    const before = known.get(target)
    if (before !== undefined) return before
    if (known.size >= REMEMBERED) known.clear()
    const found = look(target)
    known.set(target, found)
    return found
  }
  return { of, countryOf: (target) => of(target)?.country ?? '' }
}

/** An address, or the first of a subnet, as bytes. */
function bytesOf(target: string): Uint8Array | null {
  const parts = readTarget(target)
  if (parts === null) return null
  return Uint8Array.from(parts.groups.flatMap((group) => [group >> 8, group & 255])).slice(
    parts.family === 4 ? -4 : 0,
  )
}

const at = (value: MmdbValue | null, key: string): MmdbValue | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array)
    ? ((value as { readonly [key: string]: MmdbValue })[key] ?? null)
    : null

/** The records of the two sorts of databases that there are, under the names that their makers use. */
function placeOf(where: MmdbValue | null, whose: MmdbValue | null): Place {
  const code =
    at(at(where, 'country'), 'iso_code') ??
    at(where, 'country_code') ??
    at(at(where, 'registered_country'), 'iso_code') ??
    at(where, 'country')
  const number = at(whose, 'autonomous_system_number') ?? at(whose, 'asn')
  const name = at(whose, 'autonomous_system_organization') ?? at(whose, 'as_name') ?? at(whose, 'name')
  const asn = typeof number === 'string' ? Number(number.replace(/^AS/, '')) : number
  return {
    country: typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : '',
    asn: typeof asn === 'number' && Number.isInteger(asn) ? asn : null,
    network: typeof name === 'string' ? name.slice(0, 100) : null,
  }
}
