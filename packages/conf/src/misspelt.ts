/** The options of a jail that are easily written otherwise. */
const OPTIONS =
  'enabled filter backend logpath maxretry findtime bantime ignoreip ignorecommand ignoreself ipv6prefix aggregate policy port protocol blocktype action banaction failregex ignoreregex successregex successfilter successlog prefregex datepattern journalmatch usedns maxlines maxmatches logencoding logtimezone'.split(
    ' ',
  )

/** `ban_times` → `bantime`: what is left of a name when blanks, strokes and the plural are not looked at. */
const plain = (name: string): string =>
  name
    .replaceAll(/[-_. ]/g, '')
    .replace(/ies$/, 'y')
    .replace(/s$/, '')

/** Whether one letter too many, too few or another one tells two words apart. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start += 1
  const rests = [one.slice(start), other.slice(start)] as const
  return (
    rests[0].slice(1) === rests[1].slice(1) ||
    rests[0].slice(1) === rests[1] ||
    rests[0] === rests[1].slice(1)
  )
}

/** The option that a name was probably meant to be; null where it is one, or may well be a variable of its author. */
export function meantBy(name: string): string | null {
  if (OPTIONS.includes(name) || name.length < 4 || /[\d_]$/.test(name)) return null
  return OPTIONS.find((option) => plain(option) === plain(name) || isNear(plain(option), plain(name))) ?? null
}
