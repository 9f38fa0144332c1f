import * as fc from 'fast-check'
import type { FirewallJail, FirewallPlan } from '../../../apps/agent/src/firewall/firewall.ts'

/** When a ban ends, in seconds from then; null: never. */
export type End = number | null

/** One change of a ban; the jail is one of the plan's, by number. */
export interface Wish {
  readonly jail: number
  readonly ip: string
  readonly end: End | 'remove'
}

/** What can happen to a firewall. */
export type Move =
  | { readonly kind: 'apply'; readonly wishes: readonly Wish[] }
  | { readonly kind: 'plan'; readonly plan: FirewallPlan }
  | { readonly kind: 'restart'; readonly guests: boolean; readonly plan: FirewallPlan | null }
  | { readonly kind: 'foreign'; readonly edit: number; readonly jail: number; readonly ip: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'probe' }

export const IPS = [
  '198.18.0.1',
  '198.18.0.200',
  '198.18.0.0/24',
  '198.18.0.0/25',
  '198.18.0.128/25',
  '198.18.0.0/31',
  '198.18.1.0/24',
  '198.18.0.0/16',
  '198.18.0.0/15',
  '203.0.113.7',
  '203.0.113.0/24',
  '128.0.0.0/1',
  '0.0.0.0/1',
  '255.255.255.254/31',
  '2001:db8:0:1::1',
  '2001:db8:0:1::/64',
  '2001:db8:0:2::/64',
  '2001:db8:0:1::/96',
  '2001:db8:0:1:8000::/65',
  '2001:db8:0:1::/127',
  '2001:db8::/48',
  '2001:db8::/63',
  '2001:db8::/32',
  '::c000:201',
  '64:ff9b::c612:1',
  '8000::/1',
  '::/1',
] as const

const NAMES = [
  'sshd',
  'a',
  'A',
  'a.b-c_d',
  '_0',
  '6-never',
  // At the limits of the kernel's names, and of ours.
  'twenty-one-characters',
  'twenty-two-characters-',
  'twenty-eight-characters-long',
  'twenty-nine-characters-long.-',
  'sixty-four-characters-are-the-most-that-the-name-of-a-jail-has-0',
  'sixty-four-characters-are-the-most-that-the-name-of-a-jail-has-1',
]

const PORTS: readonly FirewallJail['ports']['ports'][] = [
  'all',
  'all',
  [22],
  [53, 80, [8000, 8100], 8050],
  [...Array(20).keys()].map((i) => 3_000 + 2 * i),
  Array.from({ length: 16 }, (_, i): [number, number] => [4_000 + 10 * i, 4_005 + 10 * i]),
  [[0, 65_535]],
  [[1, 65_535]],
  [0, 65_535],
]

const NEVER = [
  '127.0.0.0/8',
  '127.0.0.1',
  '::1',
  '198.18.0.1',
  '198.18.0.0/24',
  '198.18.0.0/15',
  '203.0.113.7',
  '2001:db8:0:1::1',
  '2001:db8:0:1::/64',
  '2001:db8::/32',
  '0.0.0.0/0',
  '::/0',
  'fe80::/10',
]

const ip = fc.constantFrom(...IPS)
const jail = fc.record({
  name: fc.constantFrom(...NAMES),
  ports: fc.record({
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'both' as const),
    ports: fc.constantFrom(...PORTS),
  }),
  blocktype: fc.constantFrom('drop' as const, 'reject' as const),
})
const plan = fc.record({
  jails: fc.uniqueArray(jail, { selector: ({ name }) => name, maxLength: 5 }),
  never: fc.oneof(
    { weight: 2, arbitrary: fc.constant(['127.0.0.0/8', '::1']) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...NEVER), { maxLength: 4 }) },
  ),
})
const end = fc.constantFrom<End | 'remove'>(
  null,
  3_600,
  86_400,
  2_700_000,
  7_300 * 86_400,
  2,
  -1,
  'remove',
  'remove',
)
const apply = fc.record({
  kind: fc.constant('apply' as const),
  wishes: fc.array(fc.record({ jail: fc.nat(4), ip, end }), { minLength: 1, maxLength: 6 }),
})
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: apply },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('plan' as const), plan }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      guests: fc.boolean(),
      plan: fc.option(plan),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('foreign' as const), edit: fc.nat(999), jail: fc.nat(4), ip }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('probe' as const) }) },
)

/** What happens one after the other; a plan comes first. */
export const story = fc.tuple(plan, fc.array(move, { minLength: 3, maxLength: 14 }))
