/** A command line of fail2ban-client, taken apart. */
export type ClientLine =
  | {
      readonly kind: 'command'
      readonly words: readonly string[]
      /** An agent.toml; fail2ban's own folder means nothing here. */
      readonly config?: string
      /** Where the agent listens; fail2ban's own socket means the usual place. */
      readonly socket?: string
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'version'; readonly isShort: boolean }
  | { readonly kind: 'test'; readonly config?: string }
  | { readonly kind: 'duration'; readonly text: string }
  /** What is not done here, and what is to be done in its place. */
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string }

/** Options with a value, by every spelling, and what they are. */
const WITH_VALUE: Readonly<Record<string, 'config' | 'socket' | 'duration' | 'nothing'>> = {
  '-c': 'config',
  '--conf': 'config',
  '-s': 'socket',
  '--socket': 'socket',
  '-p': 'nothing',
  '--pidfile': 'nothing',
  '--pname': 'nothing',
  '--loglevel': 'nothing',
  '--logtarget': 'nothing',
  '--syslogsocket': 'nothing',
  '--timeout': 'nothing',
  '--str2sec': 'duration',
}

/** Options without one that change nothing: how much fail2ban says, and how its server is started. */
const SILENT = new Set(['-v', '-q', '-x', '-b', '-f', '--async'])

/** Takes a command line apart as fail2ban-client does: options come first, the first other word begins the command. */
export function parseClientLine(args: readonly string[]): ClientLine {
  const found: { config?: string; socket?: string } = {}
  let isTest = false
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--') at++
    if (!arg.startsWith('-') || arg === '-' || arg === '--') break
    const parts = apart(arg)
    for (const [i, option] of parts.entries()) {
      const use = WITH_VALUE[option]
      if (use !== undefined) {
        const value = parts[i + 1] ?? args[++at]
        if (value === undefined) return refuse(`option ${option} wants a value`, SEE)
        if (use === 'duration') return { kind: 'duration', text: value }
        if (use === 'config' && value.endsWith('.toml')) found.config = value
        if (use === 'socket' && !value.endsWith('fail2ban.sock')) found.socket = value
        break
      }
      const ended = endWith(option)
      if (ended !== null) return ended
      if (option === '-t' || option === '--test') isTest = true
    }
  }
  if (isTest) return found.config === undefined ? { kind: 'test' } : { kind: 'test', config: found.config }
  return { kind: 'command', words: args.slice(at), ...found }
}

const SEE = 'See: warder client --help'

/** What an option without a value comes to by itself; null: it leads to nothing, or changes the command. */
function endWith(option: string): ClientLine | null {
  if (SILENT.has(option) || option === '-t' || option === '--test') return null
  if (option === '-h' || option === '--help') return { kind: 'help' }
  if (option === '-V' || option === '--version') return { kind: 'version', isShort: option === '-V' }
  if (option === '-d' || option === '--dp' || option === '--dump-pretty')
    return refuse('the configuration is not dumped', 'Read it with: warder check')
  if (option === '-i') return refuse('there is no interactive mode', 'Give one command at a time.')
  return refuse(`there is no option ${option.slice(0, 40)}`, SEE)
}

const refuse = (message: string, remedy: string): ClientLine => ({ kind: 'refused', message, remedy })

/** `-vq` → `-v -q`, `-s/run/x` → `-s /run/x`, `--conf=x` → `--conf x`. */
function apart(arg: string): readonly string[] {
  if (arg.startsWith('--')) {
    const at = arg.indexOf('=')
    return at < 0 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)]
  }
  if (!/^-[A-Za-z]./.test(arg)) return [arg]
  const first = arg.slice(0, 2)
  return WITH_VALUE[first] === undefined ? [first, ...apart(`-${arg.slice(2)}`)] : [first, arg.slice(2)]
}
