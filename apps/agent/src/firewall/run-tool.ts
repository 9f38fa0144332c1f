import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { FirewallError } from './firewall.ts'
import type { Command } from './nft-command.ts'

const TIME_LIMIT_MS = 20_000
const OUTPUT_LIMIT_BYTES = 256 * 1_048_576
const AGAIN = /resource|temporarily unavailable|cannot allocate|no buffer space|xtables lock/i

/**
 * Runs a tool of the firewall with a script on its standard input → what it printed; never a shell.
 * @throws FirewallError in the operator's words; `again` where trying later can help
 */
export function runTool(command: Command, script = ''): Promise<string> {
  const [file, ...args] = command
  const name = basename(command.find((word) => /(?:ipset|tables[a-z-]*)$/.test(word)) ?? file)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(file, args, { stdio: 'pipe', timeout: TIME_LIMIT_MS, killSignal: 'SIGKILL' })
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
    reject(new FirewallError(`${name} cannot be run: ${err.message}`, false, { cause: err })),
  )
  child.on('close', (status, signal) => {
    if (status === 0) resolve(Buffer.concat(printed).toString('utf8'))
    else reject(toError(name, signal === null ? `refused (status ${status})` : 'did not finish', complaint))
  })
  child.stdin.end(script)
  return promise
}

function toError(name: string, how: string, complaint: string): FirewallError {
  if (/Operation not permitted|Permission denied|you must be root/i.test(complaint)) {
    return new FirewallError(
      `${name} is not permitted to change the firewall: it needs root or CAP_NET_ADMIN`,
      false,
    )
  }
  const lines = complaint.split('\n').map((line) => line.trim())
  const reason = lines.find((line) => line !== '' && !line.startsWith('#'))?.slice(0, 300)
  return new FirewallError(
    `${name} ${how}: ${reason ?? 'without a word'}`,
    how === 'did not finish' || AGAIN.test(complaint),
  )
}
