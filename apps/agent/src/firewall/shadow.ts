/** A table that no packet passes: it has no chain. */
const TABLE = 'inet warder_doctor'

/** A set with one address in it, made anew whatever was left of an earlier one. */
export const shadowScript = (ip: string): string =>
  [
    `add table ${TABLE}`,
    `delete table ${TABLE}`,
    `add table ${TABLE}`,
    `add set ${TABLE} shadow { type ${ip.includes(':') ? 'ipv6_addr' : 'ipv4_addr'}; flags timeout; }`,
    `add element ${TABLE} shadow { ${ip} timeout 1m }`,
    '',
  ].join('\n')

/** Asks for the address; nft ends badly where it is not there. */
export const shadowQuestion = (ip: string): readonly string[] => [
  'get',
  'element',
  ...TABLE.split(' '),
  'shadow',
  `{ ${ip} }`,
]

export const SHADOW_END = `delete table ${TABLE}\n`
