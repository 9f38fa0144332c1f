/** One line of sshd's configuration that sets something. */
export interface SshdSetting {
  /** In small letters: sshd does not tell them apart. */
  readonly keyword: string
  readonly value: string
  readonly path: string
  readonly line: number
  /** Whether it holds for everybody: it does not stand behind a Match. */
  readonly isGlobal: boolean
}

/** What sshd reads: files by path, and for each pattern of an Include the paths it stands for, in order. */
export interface SshdFiles {
  readonly main: string
  readonly texts: ReadonlyMap<string, string>
  readonly includes: ReadonlyMap<string, readonly string[]>
}

/** sshd itself gives up at this depth. */
const DEEPEST = 16

/** All settings in the order in which sshd reads them. Of each keyword the first that applies counts. */
export function settingsOf(files: SshdFiles): readonly SshdSetting[] {
  const settings: SshdSetting[] = []
  read(files, files.main, { depth: 0, isGlobal: true }, settings)
  return settings
}

function read(
  files: SshdFiles,
  path: string,
  { depth, isGlobal: from }: { readonly depth: number; readonly isGlobal: boolean },
  into: SshdSetting[],
): void {
  if (depth > DEEPEST) return
  let isGlobal = from
  for (const [at, text] of (files.texts.get(path) ?? '').split('\n').entries()) {
    const found = wordsOf(text)
    if (found === null) continue
    const { keyword, rest } = found
    if (keyword === 'match') {
      // What is included behind a Match stays bound to it, whatever it says itself.
      isGlobal = from && /^all$/i.test(rest)
    } else if (keyword === 'include') {
      for (const pattern of patternsOf(rest)) {
        for (const each of files.includes.get(pattern) ?? [])
          read(files, each, { depth: depth + 1, isGlobal }, into)
      }
    } else into.push({ keyword, value: plain(rest), path, line: at + 1, isGlobal })
  }
}

/** The patterns that a file includes, as written. */
export const includedBy = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => {
    const found = wordsOf(line)
    return found?.keyword === 'include' ? patternsOf(found.rest) : []
  })

/** A line → its keyword and the rest; null where it sets nothing. */
function wordsOf(line: string): { readonly keyword: string; readonly rest: string } | null {
  const [, keyword, rest = ''] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? []
  return keyword === undefined ? null : { keyword: keyword.toLowerCase(), rest }
}

const patternsOf = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

/** A value without quotes and without a remark behind it. */
const plain = (text: string): string => {
  const [, quoted] = /^"([^"]*)"/.exec(text) ?? []
  return quoted ?? text.replace(/\s+#.*$/, '')
}

/** What holds for everybody; null: the default of sshd. */
export const globalOf = (settings: readonly SshdSetting[], keyword: string): SshdSetting | null =>
  settings.find((each) => each.isGlobal && each.keyword === keyword) ?? null
