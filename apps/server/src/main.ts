import { ConfigError, printed, systemClock } from '@warder/daemon'
import { makeApiCall } from './cli/api-call.ts'
import { HELP, readCommand, type Command } from './cli/arguments.ts'
import { claimCode, joinCode } from './cli/codes.ts'
import { backUp, restore, verify } from './cli/backup.ts'
import { invite, listAccounts, newPassword, removeTotp } from './cli/people.ts'
import { checkPort, setPort, status } from './cli/port.ts'
import { run } from './cli/run.ts'
import { carryOutAsked } from './cli/tune.ts'
import { readConfig } from './config/load.ts'
import { StartError } from './start-error.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const hint = (line: string): void => void process.stderr.write(`${line}\n`)

async function carryOut(command: Command): Promise<number> {
  if (command.kind === 'help') {
    process.stdout.write(HELP)
    return 0
  }
  if (command.kind === 'wrong') {
    hint(`warder-server: ${command.problem}\n\n${HELP}`)
    return 2
  }
  const config = await readConfig(command.flags)
  if (command.kind === 'run')
    return run({ config, terminal: process.stderr.isTTY, environment: process.env, say })
  if (command.kind === 'ask') {
    const call = await makeApiCall(command.reach, config, process.env)
    return carryOutAsked({ call, clock: systemClock, say }, command.asked)
  }
  const parts = { config, file: command.flags.config, clock: systemClock, say, hint }
  if (command.kind === 'check-port') await checkPort(config)
  else if (command.kind === 'backup') await backUp(parts, command.folder)
  else if (command.kind === 'verify') await verify(parts, command.folder)
  else if (command.kind === 'restore') await restore(parts, command.folder)
  else if (command.kind === 'set-port') await setPort(parts, command.wanted)
  else if (command.kind === 'status') await status(parts)
  else if (command.kind === 'join-code') await joinCode(parts, command.minutes)
  else if (command.kind === 'new-password') await newPassword(parts, command.operator)
  else if (command.kind === 'remove-totp') await removeTotp(parts, command.operator)
  else if (command.kind === 'invite') await invite(parts, command.operator, command.role)
  else if (command.kind === 'accounts') await listAccounts(parts)
  else await claimCode(parts)
  return 0
}

try {
  const code = await carryOut(readCommand(process.argv.slice(2)))
  await printed()
  process.exit(code)
} catch (err) {
  // Expected troubles are sentences; anything else is our mistake and shows where it happened.
  if (err instanceof StartError || err instanceof ConfigError) hint(`warder-server: ${err.message}`)
  else hint(`warder-server: ${err instanceof Error ? (err.stack ?? err.message) : String(err)}`)
  await printed()
  process.exit(1)
}
