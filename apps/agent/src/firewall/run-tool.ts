import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { FirewallError } from './firewall.ts'

export const TIME_LIMIT_MS = 20_000
const OUTPUT_LIMIT_BYTES = 256 * 1_048_576

/** All that tools get of the environment: complaints in English, and no history of what nft was given in anybody's home. */
export const TOOL_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  HOME: '/dev/null',
}

/** A program with its arguments; never a shell. */
export type Command = readonly [string, ...string[]]

/**
 * Runs a tool of the firewall with a script on its standard input → what it printed. `onProcess` is told its process.
 * @throws FirewallError in the operator's words; `again` where trying later can help
 */
export function runTool(
  command: Command,
  script = '',
  onProcess: (process: number) => void = () => {},
): Promise<string> {
  const [file, ...args] = command
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(file, args, {
    stdio: 'pipe',
    env: TOOL_ENVIRONMENT,
    timeout: TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  if (child.pid !== undefined) onProcess(child.pid)
  const printed: Buffer[] = []
  let bytes = 0
  let complaint = ''
  let isTooLong = false
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= OUTPUT_LIMIT_BYTES) printed.push(chunk)
    else {
      isTooLong = true
      child.kill('SIGKILL')
    }
  })
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    if (complaint.length < 2_000) complaint += text
  })
  // It may end before it has read its script; how it ended says why.
  child.stdin.on('error', () => {})
  child.on('error', (err) =>
    reject(new FirewallError(`${nameOf(command)} cannot be run: ${err.message}`, false, { cause: err })),
  )
  child.on('close', (status, signal) => {
    if (status === 0) resolve(Buffer.concat(printed).toString('utf8'))
    else if (signal === null) reject(toError(command, { status, complaint }))
    else if (isTooLong) reject(new FirewallError(`${nameOf(command)} printed more than can be read`, false))
    else if (child.killed) reject(tooLate(command))
    else reject(new FirewallError(`${nameOf(command)} was ended by ${signal}`, true))
  })
  child.stdin.end(script)
  return promise
}

/** How a tool ended badly. */
export interface BadEnd {
  readonly status: number | null
  readonly complaint: string
}

export const tooLate = (command: Command): FirewallError =>
  new FirewallError(`${nameOf(command)} did not finish within ${TIME_LIMIT_MS / 1_000} s`, true)

const FORBIDDEN = /Operation not permitted|Permission denied|you must be root/i
/** Not that something is busy: somebody uses it, and will tomorrow. */
const AGAIN = /Resource temporarily unavailable|Cannot allocate memory|No buffer space|xtables lock/i

/** How a tool ended, and what it complained of → the same in the operator's words. */
export function toError(command: Command, { status, complaint }: BadEnd): FirewallError {
  const name = nameOf(command)
  if (FORBIDDEN.test(complaint)) {
    return new FirewallError(
      `${name} is not permitted to change the firewall: it needs root or CAP_NET_ADMIN`,
      false,
    )
  }
  // What begins with # is advice of iptables-nft; in front of nft's error may stand in which file it is.
  const lines = complaint.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const reason = (lines.find((line) => line.includes('Error: ')) ?? lines[0])?.trim().slice(0, 300)
  return new FirewallError(
    `${name} refused (status ${status}): ${reason ?? 'without a word'}`,
    AGAIN.test(complaint),
  )
}

/** The tool's name, also where something else runs it: `ip netns exec NAME nft`. */
const nameOf = (command: Command): string =>
  basename(command.find((word) => /(?:^|\/)(?:nft|ipset|[a-z0-9]*tables[a-z-]*)$/.test(word)) ?? command[0])
