/**
 * A small map of the world: one square for each country of ISO 3166-1 (and XK), roughly where it lies, so that small
 * countries are seen as well as large ones. Our own drawing; `..` is water.
 */
const ROWS = [
  '.. .. .. .. .. .. .. .. GL .. IS .. .. .. SJ',
  '.. .. .. .. .. .. .. .. .. .. FO .. .. NO SE AX FI .. RU',
  '.. CA .. .. .. .. .. .. .. .. IM GB .. DK .. .. EE',
  '.. .. .. .. .. PM .. .. .. .. IE GG NL DE PL LT LV BY',
  '.. US .. .. .. BM .. .. .. .. .. JE BE LU CZ SK UA MD',
  '.. MX .. .. .. BS TC .. .. .. .. FR CH LI AT HU RO .. .. .. KZ .. .. .. MN',
  '.. GT BZ .. CU HT DO .. .. PT ES AD MC IT SI HR RS BG GE AZ UZ KG .. .. CN .. KP',
  '.. SV HN .. KY JM PR VI VG .. GI .. SM VA BA ME XK MK TR AM TM TJ .. .. .. .. KR JP',
  '.. .. NI .. .. .. KN SX MF .. .. .. .. MT .. AL GR CY LB SY IQ IR AF .. BT MO HK TW',
  '.. .. CR .. .. .. MS AG AI EH MA DZ TN LY EG .. .. IL PS JO KW .. PK NP BD MM LA VN',
  '.. .. PA .. .. .. BL DM GP MR ML NE TD SD ER .. .. .. .. SA BH QA AE IN .. TH KH .. PH',
  '.. .. .. AW CW BQ LC MQ CV GM SN BF NG CF SS ET DJ .. .. YE OM .. .. .. .. .. .. .. .. MP',
  '.. .. CO VE TT GD VC BB .. GW GN TG BJ CM CD UG KE SO .. .. .. .. MV LK .. MY BN .. PW GU MH UM',
  '.. .. EC GY SR GF .. .. .. SL CI GH GQ CG RW BI TZ .. SC .. .. .. IO .. .. SG .. .. FM NR KI',
  '.. .. PE BO BR .. .. .. .. .. LR ST GA AO ZM MW MZ KM YT .. .. .. .. .. .. ID .. PG SB TV TK',
  '.. .. CL PY UY .. .. .. .. SH .. .. .. NA BW ZW .. MG RE MU .. .. .. CC CX .. TL .. VU WF WS AS',
  '.. .. .. AR .. .. .. .. .. .. .. .. .. ZA LS SZ .. .. .. .. .. .. .. .. .. .. AU .. NC FJ TO NU',
  '.. .. .. .. FK .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. NF .. CK PF',
  '.. .. .. .. .. GS .. .. .. .. .. BV .. .. .. .. .. .. .. .. TF .. HM .. .. .. .. .. .. NZ .. PN',
  '.. .. .. .. .. .. .. .. .. .. .. .. .. .. AQ',
] as const

export interface Tile {
  readonly code: string
  readonly column: number
  readonly row: number
}

/** The squares of the map, from north-west to south-east. */
export const TILES: readonly Tile[] = ROWS.flatMap((line, row) =>
  line.split(' ').flatMap((code, column) => (/^[A-Z]{2}$/.test(code) ? [{ code, column, row }] : [])),
)
export const TILE_ROWS = ROWS.length
export const TILE_COLUMNS = Math.max(...TILES.map(({ column }) => column)) + 1

/** How strongly a count is shown: 0 for none, up to 4 for the largest of all; the root leaves small ones to be seen. */
export function strengthOf(count: number, most: number): 0 | 1 | 2 | 3 | 4 {
  if (count <= 0 || most <= 0) return 0
  const share = Math.sqrt(count / most)
  return share > 0.8 ? 4 : share > 0.5 ? 3 : share > 0.25 ? 2 : 1
}

/** The nearest square with a code of a list in a direction, for the arrow keys; null: there is none. */
export function nextTile(
  from: Tile,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
  among: readonly Tile[],
): Tile | null {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] as [
    number,
    number,
  ]
  let best: { readonly tile: Tile; readonly away: number } | null = null
  for (const tile of among) {
    const [x, y] = [tile.column - from.column, tile.row - from.row]
    const ahead = x * dx + y * dy
    if (ahead <= 0) continue
    // What lies aside counts more than what lies ahead.
    const away = ahead + 3 * Math.abs(x * dy) + 3 * Math.abs(y * dx)
    if (best === null || away < best.away) best = { tile, away }
  }
  return best?.tile ?? null
}
