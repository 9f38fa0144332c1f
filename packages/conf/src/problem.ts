/**
 * Something in the configuration that the operator should know. An error means that a jail, or part of a file, is left
 * out; a note that all is done, but in another way than it is written.
 */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'note'
  /** Path inside its layer, e.g. `jail.local`. */
  readonly file?: string
  /** Counted from 1. */
  readonly line?: number
  readonly jail?: string
  /** One sentence without a final full stop. */
  readonly message: string
}

/** A place in a file, for problems. */
export interface Place {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
}

/** A problem as one line of text: `error: jail.local:12: jail sshd: maxretry is not a whole number: 'abc'`. */
export function formatProblem(problem: Problem): string {
  const { severity, file, line, jail, message } = problem
  const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`]
  const about = jail === undefined ? [] : [`jail ${jail}`]
  return [severity, ...place, ...about, message].join(': ')
}

/** Text of a configuration file as it may stand inside a message: on one line and bounded. */
export function quote(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return `'${flat.length > 80 ? `${flat.slice(0, 77)}...` : flat}'`
}
