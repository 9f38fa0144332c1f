/** What tells one package from the other. */
export interface PackageFacts {
  readonly name: 'warder-agent' | 'warder-server'
  readonly summary: string
  /** Paragraphs of the long description. */
  readonly about: readonly string[]
  readonly depends: readonly string[]
  readonly recommends: readonly string[]
  readonly suggests: readonly string[]
  /** Of systemd, as they are in packaging/systemd. */
  readonly units: readonly string[]
}

/** Debian wants a mailbox. */
export const MAINTAINER = 'Warder packages <packages@warder.invalid>'

/** The C and C++ libraries that the runtime and SQLite's module are linked with, as Debian 12 has them at least. */
const LIBRARIES = ['libc6 (>= 2.34)', 'libgcc-s1 (>= 3.4)', 'libstdc++6 (>= 11)']

export const PACKAGES: readonly PackageFacts[] = [
  {
    name: 'warder-agent',
    summary: 'bans addresses of failed logins, alone or in a Proxmox cluster',
    about: [
      'Warder finds failed logins in the journal and in log files with the jails and filters known from fail2ban, and bans their addresses in a table of its own in the firewall of the node. It works alone, and can be enrolled with a Warder server that shows all nodes together.',
      'This package has the agent that runs on every node, and the command line warder. It brings its own JavaScript runtime.',
    ],
    depends: [
      ...LIBRARIES,
      'init-system-helpers (>= 1.54~)',
      'nftables | ipset',
      'nftables | iptables',
      'systemd (>= 252)',
    ],
    recommends: ['nftables'],
    suggests: ['warder-server'],
    units: ['warder-agent.service', 'warder-harden.socket', 'warder-harden@.service'],
  },
  {
    name: 'warder-server',
    summary: 'history and dashboard for Warder agents',
    about: [
      'Warder finds failed logins on the nodes of a Proxmox cluster and bans their addresses there. This package has the server that the agents of all nodes report to: it keeps the history, serves the dashboard and the API, and carries settings and bans to the nodes.',
      'It brings its own JavaScript runtime. The agent is in the package warder-agent; the two may be on the same node.',
    ],
    depends: [
      ...LIBRARIES,
      'init-system-helpers (>= 1.54~)',
      'passwd',
      'systemd (>= 252)',
      'util-linux (>= 2.38)',
    ],
    recommends: ['logrotate'],
    suggests: ['warder-agent'],
    units: ['warder-server.service'],
  },
]

export interface BuildFacts {
  readonly version: string
  readonly architecture: string
  /** Of all files, in KiB. */
  readonly installedKib: number
}

/** DEBIAN/control. */
export function controlText(facts: PackageFacts, build: BuildFacts): string {
  const list = (key: string, values: readonly string[]): readonly string[] =>
    values.length === 0 ? [] : [`${key}: ${values.join(', ')}`]
  return [
    `Package: ${facts.name}`,
    `Version: ${build.version}`,
    `Architecture: ${build.architecture}`,
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${build.installedKib}`,
    ...list('Depends', facts.depends),
    ...list('Recommends', facts.recommends),
    ...list('Suggests', facts.suggests),
    'Section: admin',
    'Priority: optional',
    `Description: ${facts.summary}`,
    facts.about.map(folded).join('\n .\n'),
    '',
  ].join('\n')
}

const WIDTH = 78

/** A paragraph in lines that begin with a blank. */
function folded(paragraph: string): string {
  const lines: string[] = ['']
  for (const word of paragraph.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last.length + word.length + 1 > WIDTH && last !== '') lines.push(` ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join('\n')
}
