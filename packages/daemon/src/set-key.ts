/**
 * A TOML text with a key of its top level set to a text or a whole number, or (null) taken out. All else stays as it
 * is, comments included. The key goes in front of the first table, in place of the line that set it before.
 */
export function setKey(toml: string, key: string, value: string | number | null): string {
  const lines = toml === '' ? [] : toml.replace(/\n$/, '').split('\n')
  const firstTable = lines.findIndex((line) => /^\s*\[/.test(line))
  const end = firstTable < 0 ? lines.length : firstTable
  const at = lines.slice(0, end).findIndex((line) => new RegExp(String.raw`^\s*${key}\s*=`).test(line))
  const written = value === null ? [] : [`${key} = ${JSON.stringify(value)}`]
  if (at >= 0) lines.splice(at, 1, ...written)
  else lines.unshift(...written)
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
