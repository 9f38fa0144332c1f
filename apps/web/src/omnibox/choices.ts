import { formatSpan, readSpan } from '../format/duration.ts'
import { addressPath, bansPath } from '../path.ts'
import { addressesIn } from './address.ts'
import type { Choice, ChoiceGroup } from './choice.ts'
import { placesOf, type World } from './places.ts'
import { ranked } from './rank.ts'
import { t } from '../language/t.ts'

/** Most lines of the omnibox that are places. */
const MOST = 9
/** How long a ban lasts when nothing else is typed, in seconds. */
const HOUR = 3_600
const WEEK = 604_800

type Verb = 'ban' | 'unban' | 'allow' | null

/** What somebody typed, taken apart: `ban 203.0.113.9 2d`. */
export interface Typed {
  readonly text: string
  readonly verb: Verb
  readonly addresses: readonly string[]
  /** How long to ban, in seconds, where it was said. */
  readonly bantime: number | null
}

/** Takes apart what was typed or pasted. A verb counts in front alone: a pasted line may hold it anywhere. */
export function readTyped(text: string): Typed {
  const addresses = addressesIn(text)
  const [first, second, ...rest] = text.trim().toLowerCase().split(/\s+/)
  const verb = first === 'ban' || first === 'unban' || first === 'allow' ? first : null
  const isOrder = verb === 'ban' && second !== undefined && addressesIn(second).length === 1
  const span = isOrder && rest.length > 0 ? readSpan(rest.join(' '), 'bantime') : null
  return { text: text.trim(), verb, addresses, bantime: span?.ok ? span.seconds : null }
}

/** What is known of the address that was typed: the targets of its active bans. Null: not known yet. */
export type BannedAs = readonly string[] | null

/** Everything that can be done with what was typed, the most likely first, in groups. */
export function choicesOf(typed: Typed, world: World, bannedAs: BannedAs): readonly ChoiceGroup[] {
  const [first, ...others] = typed.addresses
  const address = first === undefined ? [] : aboutAddress(first, { typed, world, bannedAs })
  const more = others.map((ip) => openAddress(ip))
  const places = first === undefined ? ranked(typed.text, placesOf(world), MOST) : []
  const search = typed.text === '' || first !== undefined ? [] : searchFor(typed.text)
  return inGroups([...address, ...more, ...places, ...search])
}

const openAddress = (ip: string): Choice => ({
  id: `open ${ip}`,
  group: 'Address',
  label: ip,
  detail: t('Why, where, and its history'),
  act: { kind: 'go', path: addressPath(ip) },
})

interface About {
  readonly typed: Typed
  readonly world: World
  readonly bannedAs: BannedAs
}

function aboutAddress(ip: string, { typed, world: { may }, bannedAs }: About): readonly Choice[] {
  const about = (id: string, label: string, detail: string, act: Choice['act']): Choice => ({
    id: `${id} ${ip}`,
    group: 'Address',
    label,
    detail,
    act,
  })
  const ban = (seconds: number): Choice => {
    const span = seconds === -1 ? t('for ever') : t('for {span}', { span: formatSpan(seconds) })
    return about(`ban ${seconds}`, t('Ban {ip} {span}', { ip, span }), t('On all nodes, all ports'), {
      kind: 'ban',
      ip,
      bantime: seconds,
    })
  }
  const unbans =
    may('unban') && bannedAs !== null
      ? bannedAs.map((target) =>
          about(
            `unban ${target}`,
            t('Unban {target} everywhere', { target }),
            t('On all nodes, in all jails'),
            {
              kind: 'unban',
              ip: target,
            },
          ),
        )
      : []
  const bans = may('ban') ? (typed.bantime === null ? [HOUR, WEEK] : [typed.bantime]).map(ban) : []
  const allows = may('tune')
    ? [
        about(
          'allow',
          t('Allow {ip} for 24 h', { ip }),
          t('Lifts its bans, and bans it nowhere until then'),
          {
            kind: 'allow',
            ip,
          },
        ),
      ]
    : []
  const open = openAddress(ip)
  if (typed.verb === 'ban') return [...bans, open, ...unbans, ...allows]
  if (typed.verb === 'unban') return [...unbans, open, ...bans, ...allows]
  if (typed.verb === 'allow') return [...allows, open, ...unbans, ...bans]
  return [open, ...unbans, ...bans, ...allows]
}

/** The API takes no longer searches. */
const LONGEST_SEARCH = 64

const searchFor = (text: string): readonly Choice[] => [
  {
    id: 'search bans',
    group: 'Search',
    label: t('Bans with “{text}”', { text: text.slice(0, LONGEST_SEARCH) }),
    detail: t('Address, jail, node or user'),
    act: { kind: 'go', path: bansPath({ search: text.slice(0, LONGEST_SEARCH) }) },
  },
]

/** The groups in the order of their first line. */
const inGroups = (choices: readonly Choice[]): readonly ChoiceGroup[] =>
  [...Map.groupBy(choices, ({ group }) => group)].map(([group, list]) => ({ group, choices: list }))
