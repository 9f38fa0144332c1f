import { ConfigError } from '@warder/daemon'
import type { ControlAnswer, ControlRequest } from '@warder/protocol/control'
import { loadAgentConfig } from '../config/load.ts'
import { ask, NotRunning } from '../control/ask.ts'
import { EXIT, isOn, printJson, textOf, type Call, type Exit } from './command.ts'

type Success = Extract<ControlAnswer, { ok: true }>

/**
 * Asks the running agent and shows its answer: as it came with `--json`, else by `show`. What fails is said on
 * standard error with what to do about it. `exitOf`: the exit status of an answer that is printed as it came.
 */
export async function asking(
  call: Call,
  request: ControlRequest,
  show: (answer: Success) => Exit | void,
  exitOf: (answer: Success) => Exit = () => EXIT.ok,
): Promise<Exit> {
  try {
    const path = textOf(call, 'socket') ?? (await loadAgentConfig(textOf(call, 'config'))).socket
    const answer = await ask(path, request)
    if (isOn(call, 'json')) printJson(call, answer)
    if (!answer.ok) {
      if (!isOn(call, 'json')) call.complain(`${answer.message}\n${answer.remedy}\n`)
      return EXIT.failed
    }
    return isOn(call, 'json') ? exitOf(answer) : (show(answer) ?? EXIT.ok)
  } catch (err) {
    return explain(call, err)
  }
}

/** Asks the running agent for what has to succeed. @throws NotRunning, or an Error with what the agent says to it */
export async function asked(socket: string, request: ControlRequest): Promise<Success> {
  const answer = await ask(socket, request)
  if (answer.ok) return answer
  throw new Error(`${answer.message}\n${answer.remedy}`)
}

/** Says what went wrong, in words → the exit status that fits. */
export function explain(call: Call, err: unknown): Exit {
  if (err instanceof NotRunning) {
    call.complain(`${err.message}\nStart it with: systemctl start warder-agent   (or, by hand: warder run)\n`)
    return EXIT.notRunning
  }
  if (err instanceof ConfigError) call.complain(`${err.message}\n`)
  else if (isDenied(err)) call.complain('You may not talk to the agent: run this as root or in its group.\n')
  else call.complain(`${err instanceof Error ? err.message : String(err)}\n`)
  return EXIT.failed
}

const isDenied = (err: unknown): boolean =>
  err instanceof Error &&
  'code' in err &&
  err.code === 'EACCES' &&
  'syscall' in err &&
  err.syscall === 'connect'
