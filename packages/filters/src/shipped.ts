import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the catalogue: beside `src` in the sources, beside the program where it is bundled. */
export function catalogueFolder(): string {
  const places = [join(import.meta.dirname, '..', 'catalogue'), join(import.meta.dirname, 'catalogue')]
  const found = places.find((place) => existsSync(join(place, 'default.conf')))
  if (found === undefined)
    throw new Error(`the catalogue of filters is missing: looked for ${places.join(' and ')}`)
  return found
}

/** The names of the shipped jails, sorted. */
export function shippedJails(): readonly string[] {
  const entries = readdirSync(catalogueFolder(), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}

/** The names of the shipped filters, sorted; each has a jail of the same name. A jail that counts bans has no filter. */
export const shippedNames = (): readonly string[] =>
  shippedJails().filter((name) => existsSync(join(catalogueFolder(), name, 'filter.conf')))

/**
 * The names of the shipped filters with what finds logins that went well. It has a file of its own, so that it stays where
 * a filter of the operator's stands in the place of ours.
 */
export const namesOfSuccesses = (): readonly string[] =>
  shippedJails().filter((name) => existsSync(join(catalogueFolder(), name, 'success.conf')))

let files: ReadonlyMap<string, string> | null = null

/**
 * The catalogue as the lowest layer of a configuration: `jail.conf`, `jail.d/<name>.conf`, `filter.d/<name>.conf`, and what
 * filters of operators include.
 * Read once. Throws an Error when the catalogue is not there: the installation is broken.
 */
export function shippedFiles(): ReadonlyMap<string, string> {
  files ??= readCatalogue()
  return files
}

/** Names under which jails that were written for others ask for what is shipped under a name of ours. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'apache-scan': '[INCLUDES]\nbefore = apache-scanners.conf\n',
  'ejabberd-auth': '[INCLUDES]\nbefore = ejabberd.conf\n',
  qpsmtpd: '[INCLUDES]\nbefore = smtp-reject.conf\n',
  'sogo-auth': '[INCLUDES]\nbefore = sogo.conf\n',
  'sshd-ddos': '[INCLUDES]\nbefore = sshd.conf\n[Definition]\nfailregex = <failures-ddos>\n',
}

function readCatalogue(): ReadonlyMap<string, string> {
  const read = (...path: string[]): string => readFileSync(join(catalogueFolder(), ...path), 'utf8')
  return new Map([
    ['jail.conf', read('default.conf')],
    ['filter.d/warder-head.conf', read('head.conf')],
    ['filter.d/common.conf', read('common.conf')],
    ['filter.d/apache-common.conf', read('apache-common.conf')],
    ...Object.entries(OTHER_NAMES).map(([name, text]) => [`filter.d/${name}.conf`, text] as const),
    ...shippedJails().map((name): [string, string] => [`jail.d/${name}.conf`, read(name, 'jail.conf')]),
    ...shippedNames().map((name): [string, string] => [`filter.d/${name}.conf`, read(name, 'filter.conf')]),
    ...namesOfSuccesses().map((name): [string, string] => [
      `filter.d/warder-${name}-success.conf`,
      read(name, 'success.conf'),
    ]),
  ])
}
