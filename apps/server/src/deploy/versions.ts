/** Which of two versions of a Debian package is the later one: negative, zero or positive. As dpkg compares them. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [parts(one), parts(other)]
  return (
    left.epoch - right.epoch || walk(left.upstream, right.upstream) || walk(left.revision, right.revision)
  )
}

/** The version of the program inside of a package: without what was added to it when it was packed again. */
export const programVersion = (version: string): string => version.replace(/^\d+:/, '').replace(/\+.*$/, '')

function parts(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version.trim()) ?? []
  const dash = rest.lastIndexOf('-')
  return {
    epoch: Number(epoch),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  }
}

/** Pieces without digits and numbers in turn. */
function walk(one: string, other: string): number {
  const [left, right] = [pieces(one), pieces(other)]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [a = '', b = ''] = [left[at], right[at]]
    const differs = at % 2 === 0 ? compareWords(a, b) : Number(a || 0) - Number(b || 0)
    if (differs !== 0) return differs
  }
  return 0
}

const pieces = (text: string): readonly string[] => {
  const found = text.match(/\d+|\D+/g) ?? []
  return /^\d/.test(text) ? ['', ...found] : found
}

/** `~` before the end, the end before letters, letters before all else. */
const weight = (sign: string | undefined): number => {
  if (sign === '~') return -1
  if (sign === undefined) return 0
  const code = sign.charCodeAt(0)
  return /[A-Za-z]/.test(sign) ? code : code + 256
}

function compareWords(one: string, other: string): number {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const differs = weight(one[at]) - weight(other[at])
    if (differs !== 0) return differs
  }
  return 0
}
