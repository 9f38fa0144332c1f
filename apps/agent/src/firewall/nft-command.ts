import { spawn } from 'node:child_process'
import { FirewallError } from './firewall.ts'

export const TIME_LIMIT_MS = 20_000
const OUTPUT_LIMIT_BYTES = 256 * 1_048_576

/** All that nft gets of the environment: complaints in English, and no history of what it was given in anybody's home. */
export const NFT_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  HOME: '/dev/null',
}

/** A program with its arguments; never a shell. */
export type Command = readonly [string, ...string[]]

/**
 * Runs nft with a script on its standard input → what it printed. `onProcess` is told its process.
 * @throws FirewallError in the operator's words; `again` where trying later can help
 */
export function runNft(
  command: Command,
  args: readonly string[],
  script: string,
  onProcess: (process: number) => void = () => {},
): Promise<string> {
  const [file, ...before] = command
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(file, [...before, ...args], {
    stdio: 'pipe',
    env: NFT_ENVIRONMENT,
    timeout: TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  if (child.pid !== undefined) onProcess(child.pid)
  const printed: Buffer[] = []
  let bytes = 0
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= OUTPUT_LIMIT_BYTES) printed.push(chunk)
    else child.kill('SIGKILL')
  })
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    if (complaint.length < 2_000) complaint += text
  })
  // It may end before it has read its script; how it ended says why.
  child.stdin.on('error', () => {})
  child.on('error', (err) =>
    reject(new FirewallError(`nft cannot be run: ${err.message}`, false, { cause: err })),
  )
  child.on('close', (status, signal) => {
    if (status === 0) resolve(Buffer.concat(printed).toString('utf8'))
    else reject(toError(status, signal, complaint))
  })
  child.stdin.end(script)
  return promise
}

/** How nft ended, and what it complained of → the same in the operator's words. */
export function toError(
  status: number | null,
  signal: NodeJS.Signals | null,
  complaint: string,
): FirewallError {
  if (signal) return new FirewallError(`nft did not finish within ${TIME_LIMIT_MS / 1_000} s`, true)
  const lines = complaint.split('\n').filter((line) => line.trim() !== '')
  // In front of it may stand in which file it is.
  const reason = (lines.find((line) => line.includes('Error: ')) ?? lines[0])?.trim().slice(0, 300)
  if (/Operation not permitted|you must be root/i.test(complaint)) {
    return new FirewallError(
      'nft is not permitted to change the firewall: it needs root or CAP_NET_ADMIN',
      false,
    )
  }
  const again =
    /Device or resource busy|Resource temporarily unavailable|Cannot allocate memory|No buffer space/i
  return new FirewallError(
    `nft refused (status ${status}): ${reason ?? 'without a word'}`,
    again.test(complaint),
  )
}
