/** The address of a number from 0 on: `198.18.0.0/15`, which is for benchmarks, and the range behind it. */
export const addressOf = (index: number): string => {
  const at = index + 1
  return `198.${18 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`
}

/** What sshd says about a wrong password. */
export const messageOf = (ip: string, port: number): string =>
  `Failed password for root from ${ip} port ${port} ssh2`

/** The same as a line of a syslog file, written now. */
export const lineOf = (ip: string, port: number): string =>
  `${new Date().toISOString().replace('Z', '000+00:00')} pve1 sshd[${5_000 + port}]: ${messageOf(ip, port)}\n`

/** So many failures of each of some addresses, written now, address by address. */
export function failuresOf(ips: readonly string[], each: number): string {
  const stamp = `${new Date().toISOString().replace('Z', '000+00:00')} pve1 sshd[4242]: `
  const lines: string[] = []
  for (const ip of ips)
    for (let port = 40_000; port < 40_000 + each; port++) lines.push(`${stamp}${messageOf(ip, port)}\n`)
  return lines.join('')
}

/** Addresses with the numbers `from` to `from + count - 1`. */
export const addresses = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => addressOf(from + i))
