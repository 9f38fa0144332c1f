import type { Scope } from '@warder/protocol/api'
import { bansPath, nodePath, pathOf } from '../path.ts'
import { PLACES } from '../frame/places.ts'
import type { Choice } from './choice.ts'
import { themeName } from '../format/theme.ts'
import { english, t } from '../language/t.ts'

/** What the omnibox knows of the fleet and of whoever asks. */
export interface World {
  readonly nodes: readonly { readonly name: string; readonly state: string }[]
  /** Names, each once. */
  readonly jails: readonly string[]
  readonly lists: readonly string[]
  readonly may: (scope: Scope) => boolean
  /** Whether this is a demonstration or development: then the gallery is one of the pages. */
  readonly isDemo: boolean
}

/** The parts of Settings, as `?part=` names them, with what is needed to see them. */
const SETTINGS = [
  {
    part: 'people',
    label: english('People and roles'),
    words: ['accounts', 'users', 'invite'],
    needs: 'admin',
  },
  {
    part: 'local-networks',
    label: english('Local networks'),
    words: ['filter', 'neighbours'],
    needs: 'tune',
  },
  { part: 'tokens', label: english('API tokens'), words: ['scripts', 'api', 'scopes'], needs: 'read' },
  {
    part: 'appearance',
    label: english('Appearance'),
    words: ['look', 'contrast', 'density', 'compact'],
    needs: 'read',
  },
  {
    part: 'account',
    label: english('Password and second factor'),
    words: ['account', 'totp', '2fa', 'recovery'],
    needs: 'read',
  },
  { part: 'sessions', label: english('Sessions'), words: ['signed in', 'browsers'], needs: 'read' },
] as const

const WORDS: Readonly<Record<string, readonly string[]>> = {
  overview: ['home', 'dashboard', 'start'],
  bans: ['blocked', 'banned', 'addresses'],
  insights: ['statistics', 'charts', 'countries', 'top', 'compare'],
  lists: ['allowlist', 'denylist', 'whitelist', 'blacklist', 'blocklist'],
  jails: ['tuning', 'maxretry', 'findtime', 'bantime', 'rules'],
  filters: ['regex', 'failregex', 'test'],
  nodes: ['servers', 'hosts', 'agents', 'machines'],
  health: ['doctor', 'check', 'harden', 'findings', 'alive'],
  notifications: ['alerts', 'channels', 'mail'],
  settings: ['preferences', 'options'],
  audit: ['log', 'who did'],
}

const go = (id: string, group: Choice['group'], label: string, path: string): Choice => ({
  id,
  group,
  label,
  detail: '',
  act: { kind: 'go', path },
})

/** Every place that can be jumped to, in the order in which they stand when nothing was typed. */
export function placesOf(world: World): readonly Choice[] {
  const pages = PLACES.filter(({ needs }) => world.may(needs)).map((place) => ({
    ...go(`page ${place.kind}`, 'Pages', t(place.label), place.path),
    words: [place.label, ...(WORDS[place.kind] ?? [])],
    keys: `g ${place.key}`,
  }))
  const more = [
    {
      ...go('page past', 'Pages', t('Past bans'), bansPath({ state: 'past' })),
      words: ['history', 'expired'],
    },
    {
      ...go('page history', 'Pages', t('History of settings'), pathOf({ kind: 'history' })),
      words: ['revisions', 'roll back', 'undo'],
    },
    ...(world.may('admin')
      ? [
          {
            ...go('page add', 'Pages', t('Add a node'), pathOf({ kind: 'nodes', add: true, node: null })),
            words: ['enrol', 'join code', 'new'],
          },
        ]
      : []),
    ...(world.isDemo ? [go('page gallery', 'Pages', t('Gallery'), '/gallery')] : []),
  ]
  const nodes = world.nodes.map(({ name, state }) => ({
    ...go(`node ${name}`, 'Nodes', name, nodePath(name)),
    detail: state === 'online' ? '' : state === 'offline' ? t('offline') : t('not connected yet'),
    words: ['node'],
  }))
  const jails = world.jails.map((name) => ({
    ...go(`jail ${name}`, 'Jails', name, pathOf({ kind: 'jails', jail: name })),
    words: ['jail', `${name} maxretry findtime bantime`],
  }))
  const lists = world.lists.map((name) => ({
    ...go(`list ${name}`, 'Lists', name, pathOf({ kind: 'lists', list: name })),
    words: ['list'],
  }))
  const settings = SETTINGS.filter(({ needs }) => world.may(needs)).map(({ part, label, words }) => ({
    ...go(`setting ${part}`, 'Settings', t(label), pathOf({ kind: 'settings', part })),
    words: [label, ...words],
  }))
  return [...pages, ...more, ...nodes, ...jails, ...lists, ...settings, ...commands()]
}

const commands = (): readonly Choice[] => [
  ...(['light', 'dark', 'system'] as const).map((choice): Choice => ({
    id: `theme ${choice}`,
    group: 'Commands',
    label: t('Theme: {theme}', { theme: themeName(choice) }),
    detail: '',
    words: ['appearance', 'mode', choice],
    act: { kind: 'theme', choice },
  })),
  {
    id: 'help',
    group: 'Commands',
    label: t('Keys and help'),
    detail: '',
    words: ['shortcuts'],
    keys: '?',
    act: { kind: 'help' },
  },
  {
    id: 'sign-out',
    group: 'Commands',
    label: t('Sign out'),
    detail: '',
    words: ['log out', 'leave'],
    act: { kind: 'sign-out' },
  },
]
