import type { AptSeen } from './seen.ts'

/** Whether packages of Debian itself can be had: an enabled source of its main part for this release. */
export function hasDebian({ sources, codename }: AptSeen): boolean {
  return sources.some(({ path, text }) =>
    path.endsWith('.sources') ? hasStanza(text, codename) : hasLine(text, codename),
  )
}

/** `deb [options] URI suite component...` */
function hasLine(text: string, codename: string): boolean {
  return text.split('\n').some((line) => {
    const words = line
      .trim()
      .replace(/\[[^\]]*\]/, '')
      .split(/\s+/)
    const [kind, uri = '', suite = '', ...components] = words
    return kind === 'deb' && isDebian(uri) && fits(suite, codename) && components.includes('main')
  })
}

/** Stanzas of `Key: value`, as in debian.sources. */
function hasStanza(text: string, codename: string): boolean {
  return text
    .replace(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .some((stanza) => {
      const words = (key: string): string[] => {
        const [, value = ''] = new RegExp(`^${key}:((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(stanza) ?? []
        return value.trim().split(/\s+/)
      }
      return (
        !words('Enabled').some((word) => /^(?:no|false|off|0)$/i.test(word)) &&
        words('Types').includes('deb') &&
        words('URIs').some(isDebian) &&
        words('Suites').some((suite) => fits(suite, codename)) &&
        words('Components').includes('main')
      )
    })
}

/** Mirrors of Debian have it at the end of their path; the folders of Proxmox lie below it. */
const isDebian = (uri: string): boolean => /\/debian\/?$/.test(uri)

const fits = (suite: string, codename: string): boolean =>
  suite === codename || ['stable', 'oldstable', 'testing', 'unstable', 'sid'].includes(suite)
