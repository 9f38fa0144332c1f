import type { Place } from '@warder/protocol/api'

const REGIONS = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })

const networkOf = ({ asn, network }: Place): string => network ?? (asn === null ? '' : `AS${asn}`)
const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ')

/** Where an address is at home, for the width of a column: `DE, Example Hosting`. Empty: nothing is known. */
export const shortPlace = (place: Place): string => joined([place.country, networkOf(place)])

/** The same in full: `Germany, Example Hosting (AS64500)`. */
export function longPlace(place: Place): string {
  const number = place.asn === null || place.network === null ? '' : ` (AS${place.asn})`
  return joined([
    place.country === '' ? '' : (REGIONS.of(place.country) ?? place.country),
    `${networkOf(place)}${number}`,
  ])
}
