import type { Place } from '@warder/protocol/api'
import { perLanguage } from '../language/in-force.ts'

const regions = perLanguage((locale) => new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }))

const networkOf = ({ asn, network }: Place): string => network ?? (asn === null ? '' : `AS${asn}`)
const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ')

/** Where an address is at home, for the width of a column: `DE, Example Hosting`. Empty: nothing is known. */
export const shortPlace = (place: Place): string => joined([place.country, networkOf(place)])

/** A country's name by its two letters: `DE` → `Germany`. */
export const countryName = (code: string): string => regions().of(code) ?? code

/** The same in full: `Germany, Example Hosting (AS64500)`. */
export function longPlace(place: Place): string {
  const number = place.asn === null || place.network === null ? '' : ` (AS${place.asn})`
  return joined([place.country === '' ? '' : countryName(place.country), `${networkOf(place)}${number}`])
}
