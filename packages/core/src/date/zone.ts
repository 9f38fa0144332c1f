import type { EpochMs } from '../time/epoch.ts'

/** Minutes that local time is ahead of UTC at a moment: 60 for Central European winter. */
export type ZoneOffset = (at: EpochMs) => number

export const UTC: ZoneOffset = () => 0

/**
 * Hours that zones are ahead of UTC, by their abbreviations. Some abbreviations have several meanings; these are the
 * ones that fail2ban takes, so that the same line has the same time.
 */
const HOURS: readonly (readonly [hours: number, names: string])[] = [
  [-11, 'NUT SST'],
  [-10, 'CKT HAST HST TAHT TKT'],
  [-9.5, 'MART MIT'],
  [-9, 'AKST GAMT GIT HADT HNY'],
  [-8, 'AKDT CIST HAY HNP PST'],
  [-7, 'HAP HNR MST PDT'],
  [-6, 'CST EAST GALT HAR HNC MDT'],
  [-5, 'CDT COT EASST ECT EST HAC HNE PET'],
  [-4.5, 'HLV VET'],
  [-4, 'AST BOT CLT COST EDT FKT GYT HAE HNA PYT'],
  [-3.5, 'HNT NST'],
  [-3, 'ADT ART BRT CLST FKST GFT HAA PMST PYST SRT UYT WGT'],
  [-2.5, 'HAT NDT'],
  [-2, 'BRST FNT PMDT UYST WGST'],
  [-1, 'AZOT CVT EGT'],
  [0, 'Z EGST GMT UTC WET'],
  [1, 'CET DFT WAT WEDT WEST'],
  [2, 'CAT CEDT CEST EET SAST WAST'],
  [3, 'EAT EEDT EEST IDT MSK'],
  [3.5, 'IRST'],
  [4, 'AMT AZT GET GST KUYT MSD MUT RET SAMT SCT'],
  [4.5, 'AFT IRDT'],
  [5, 'AMST AQTT AZST HMT MAWT MVT PKT TFT TJT TMT UZT YEKT'],
  [5.5, 'SLT'],
  [5.75, 'NPT'],
  [6, 'ALMT BIOT BTT IOT KGT NOVT OMST YEKST'],
  [6.5, 'CCT MMT'],
  [7, 'CXT DAVT HOVT ICT KRAT NOVST OMSST THA WIB'],
  [8, 'ACT AWST BDT BNT CAST HKT IRKT KRAST MYT PHT SGT ULAT WITA WST'],
  [9, 'AWDT IRKST JST KST PWT TLT WDT WIT YAKT'],
  [9.5, 'ACST'],
  [10, 'AEST CHST PGT VLAT YAKST YAPT'],
  [10.5, 'ACDT LHST'],
  [11, 'AEDT LHDT MAGT NCT PONT SBT VLAST VUT'],
  [11.5, 'NFT'],
  [12, 'ANAST ANAT FJT GILT MAGST MHT NZST PETST PETT TVT WFT'],
  [13, 'FJST NZDT'],
]

/** The letters of military time, east of Greenwich from A to M without J, west of it from N to Y. */
const LETTERS = [...'ABCDEFGHIKLM'].map((letter, index) => [letter, index + 1] as const)
const WESTERN_LETTERS = [...'NOPQRSTUVWXY'].map((letter, index) => [letter, -index - 1] as const)

const MINUTES: ReadonlyMap<string, number> = new Map(
  [
    ...HOURS.flatMap(([hours, names]) => names.split(' ').map((name) => [name, hours] as const)),
    ...LETTERS,
    ...WESTERN_LETTERS,
  ].map(([name, hours]) => [name, hours * 60]),
)

/** `+0100`, `-03:30`, `+01`, `Z`, `CEST`, `GMT+0530` → a fixed zone; null for a name that is not known. */
export function fixedZone(text: string): ZoneOffset | null {
  const found = /^([A-Za-z]{1,5})?\s*(?:([+-])([0-9]{2}):?([0-9]{2})?)?$/.exec(text.trim())
  if (found === null || found[0] === '') return null
  const [, name, sign, hours = '0', minutes = '0'] = found
  const named = name === undefined ? 0 : MINUTES.get(name.toUpperCase())
  if (named === undefined) return null
  const ahead = Number(hours) * 60 + Number(minutes)
  const offset = named + (sign === '-' ? -ahead : ahead)
  return () => offset
}

/** Whether a text names a fixed zone. */
export const isFixedZone = (text: string): boolean => fixedZone(text) !== null
