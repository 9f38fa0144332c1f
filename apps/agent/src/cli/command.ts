import type { ParseArgsOptionsConfig } from 'node:util'

/** What became of a command; the process ends with it. */
export const EXIT = { ok: 0, failed: 1, usage: 2, notRunning: 3 } as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** The values of a command's options, as parseArgs gives them. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>

/** What a command is given. */
export interface Call {
  readonly words: readonly string[]
  readonly options: OptionValues
  /** For the result: standard output. */
  readonly print: (text: string) => void
  /** For the person: standard error. */
  readonly complain: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whether a person watches standard error. */
  readonly isTerminal: boolean
}

/** One word of the command line. */
export interface Command {
  readonly name: string
  /** What comes after the name, e.g. `IP [--jail JAIL]`. */
  readonly form: string
  readonly summary: string
  readonly options: ParseArgsOptionsConfig
  /** A line of explanation for each option of its own. */
  readonly explain: Readonly<Record<string, string>>
  readonly examples: readonly string[]
  /** Fewest and most words after the name. */
  readonly words: readonly [least: number, most: number]
  run(call: Call): Promise<Exit>
}

/** A text option, or undefined. */
export const textOf = ({ options }: Call, name: string): string | undefined => {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** Whether a switch is on. */
export const isOn = ({ options }: Call, name: string): boolean => options[name] === true

/** One JSON object on a line. */
export const printJson = (call: Call, value: unknown): void => call.print(`${JSON.stringify(value)}\n`)
