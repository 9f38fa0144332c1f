import { t } from '../language/t.ts'

/** What a browser calls itself → its name and system in words: `Firefox on Linux`. A hint: the text is the browser's. */
export function browserOf(agent: string): string {
  const browser =
    BROWSERS.find(([, sign]) => agent.includes(sign))?.[0] ?? (agent === '' ? t('Unknown') : t('A program'))
  const system = SYSTEMS.find(([, sign]) => agent.includes(sign))?.[0]
  return system === undefined ? browser : t('{browser} on {system}', { browser, system })
}

/** Many call themselves like others too: the one that only it says comes first. */
const BROWSERS = [
  ['Edge', 'Edg/'],
  ['Opera', 'OPR/'],
  ['Firefox', 'Firefox/'],
  ['Chromium', 'Chrome/'],
  ['Safari', 'Safari/'],
  ['curl', 'curl/'],
] as const

const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['macOS', 'Mac OS X'],
  ['Linux', 'Linux'],
] as const
